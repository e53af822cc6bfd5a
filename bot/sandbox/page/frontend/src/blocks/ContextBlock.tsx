import type { Block, TextObject } from "../types";
import { Text } from "./Mrkdwn";

export function ContextBlock({ block }: { block: Block }) {
  return (
    <div className="context">
      {(block.elements ?? []).map((element, index) =>
        element.type === "image" ? (
          <img key={index} src={element.image_url} alt={element.alt_text} width="18" height="18" />
        ) : (
          <div key={index}>
            <Text text={element as TextObject} />
          </div>
        ),
      )}
    </div>
  );
}
