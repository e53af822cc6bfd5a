import { ago, fullTime, moment, useNow } from "../lib/time";
import type { TimelineEvent } from "../types";
import { eventText, loginOf } from "./words";

export function Timeline({ events }: { events: TimelineEvent[] }) {
  const now = useNow();
  return (
    <section aria-label="Timeline">
      <h3>Timeline</h3>
      <ol className="timeline">
        {events.map((event, index) => {
          const when = moment(event.created_at);
          return (
            <li key={index} data-testid="timeline-event" data-event={event.event}>
              <strong>{loginOf(event.actor)}</strong> {eventText(event)}
              {when && (
                <time className="muted" dateTime={when.toISOString()} title={fullTime(when)}>
                  {" "}
                  {ago(when, now)}
                </time>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
