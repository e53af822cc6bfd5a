import type { Channel } from "../types";

interface Props {
  channels: Channel[];
  chosen: string | null;
  choose: (id: string) => void;
}

export function ChannelList({ channels, chosen, choose }: Props) {
  return (
    <div className="channels">
      <h2>Channels</h2>
      <ul>
        {channels.map((channel) => (
          <li key={channel.id}>
            <button
              type="button"
              aria-current={channel.id === chosen ? "page" : undefined}
              data-testid="channel-item"
              data-channel={channel.id}
              data-name={channel.name}
              onClick={() => choose(channel.id)}
            >
              <span aria-hidden="true">{channel.is_im ? "●" : "#"}</span> {channel.is_im ? "SlackOps" : channel.name}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
