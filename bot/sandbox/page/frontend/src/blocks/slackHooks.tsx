import type { ComponentProps } from "react";
import type { Message } from "slack-blocks-to-jsx";
import { safeHref } from "../lib/links";
import { moment } from "../lib/time";
import { slackDate } from "../lib/slackDate";

type Hooks = NonNullable<ComponentProps<typeof Message>["hooks"]>;

/** How references inside of text are drawn. Links open outside unless they show a pull request (see useLinks). */
export const slackHooks: Hooks = {
  link: ({ href, children }) => (
    <a href={safeHref(href)} className="link" target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  ),
  user: ({ id, name }) => (
    <span className="mention" data-user={id}>
      @{name || id}
    </span>
  ),
  channel: ({ id, name }) => <span className="mention">#{name || id}</span>,
  usergroup: ({ id, name }) => <span className="mention">@{name || id}</span>,
  date: ({ timestamp, format, fallback }) => {
    const date = moment(timestamp);
    return <time dateTime={date?.toISOString()}>{date ? slackDate(date, format) : fallback}</time>;
  },
};
