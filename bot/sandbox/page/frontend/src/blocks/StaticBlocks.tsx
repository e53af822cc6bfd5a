import { Message as SlackBlocks } from "slack-blocks-to-jsx";
import type { Block as SlackBlock } from "slack-blocks-to-jsx";
import { useMemo } from "react";
import { useSession } from "../lib/session";
import type { Block } from "../types";
import { literal } from "./literal";
import { slackHooks } from "./slackHooks";

/** A block that only shows something. */
export function StaticBlocks({ block }: { block: Block }) {
  const { state } = useSession();
  const data = useMemo(
    () => ({
      users: state.users.map((user) => ({ id: user.id, name: user.real_name || user.name })),
      user_groups: state.groups.map(({ id, handle }) => ({ id, name: handle, handle })),
      channels: state.channels.map((channel) => ({ id: channel.id, name: channel.name })),
    }),
    [state.users, state.channels, state.groups],
  );
  const blocks = useMemo(() => [literal(block) as unknown as SlackBlock], [block]);
  const key = `${data.users.length}.${data.channels.length}`;
  return (
    <div className="static-block">
      <SlackBlocks key={key} blocks={blocks} name="" logo="" data={data} hooks={slackHooks} withoutWrapper />
    </div>
  );
}
