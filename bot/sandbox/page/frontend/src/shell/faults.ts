import type { Delivered } from "../types";

const SENTENCES: Record<string, string> = {
  operation_timeout: "SlackOps did not answer in time.",
  dispatch_failed: "Slack could not reach SlackOps.",
  connection_failed: "Slack could not reach SlackOps.",
};

/** What a person is told when a delivery to the app came to nothing, or null. */
export function faultOf(delivered: Delivered): string | null {
  const error = delivered.error;
  return error ? (SENTENCES[error] ?? `Slack says: ${error.replaceAll("_", " ")}.`) : null;
}
