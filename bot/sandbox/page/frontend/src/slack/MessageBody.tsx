import { useMemo, useState } from "react";
import { Blocks } from "../blocks/Blocks";
import { HostContext, type BlockHost } from "../blocks/host";
import type { Values } from "../lib/form";
import { useSession } from "../lib/session";
import type { Block, Message } from "../types";
import { MessageFile } from "./MessageFile";

/** What a message says: its blocks, or its text, then attachments and files. */
export function MessageBody({ message }: { message: Message }) {
  const host = useMessageHost(message.ts);
  const attachments = message.attachments ?? [];
  return (
    <HostContext value={host}>
      <Blocks blocks={message.blocks?.length ? message.blocks : paragraph(message.text)} />
      {attachments.map((attachment, index) => (
        <div key={index} className="attachment">
          <Blocks blocks={attachment.blocks ?? paragraph(attachment.text ?? attachment.fallback ?? "")} />
        </div>
      ))}
      {(message.files ?? []).map((file) => (
        <MessageFile key={file.id} file={file} />
      ))}
    </HostContext>
  );
}

const paragraph = (text: string): Block[] => (text ? [{ type: "section", text: { type: "mrkdwn", text } }] : []);

function useMessageHost(ts: string): BlockHost {
  const { act, viewer, state } = useSession();
  const [values, setValues] = useState<Values>({});
  return useMemo(
    () => ({
      values,
      errors: {},
      change: (id, value) => setValues((old) => ({ ...old, [id]: value })),
      use: async (action_id, used) => {
        await act("click", { viewer, channel: state.channel, ts, action_id, ...used });
      },
    }),
    [act, viewer, state.channel, ts, values],
  );
}
