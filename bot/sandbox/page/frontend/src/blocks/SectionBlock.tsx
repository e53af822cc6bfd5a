import type { Block } from "../types";
import { LiveElement } from "./LiveElement";
import { Text } from "./Mrkdwn";

/** Text, fields in two columns, and something beside them. */
export function SectionBlock({ block }: { block: Block }) {
  const { accessory, text, fields } = block;
  return (
    <div className="section">
      <div className="section-text">
        {text && <Text text={text} />}
        {fields && (
          <div className="fields">
            {fields.map((field, index) => (
              <div key={index}>
                <Text text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory?.type === "image" && (
        <img className="accessory-image" src={accessory.image_url} alt={accessory.alt_text} />
      )}
      {accessory && accessory.type !== "image" && <LiveElement element={accessory} />}
    </div>
  );
}
