import { Avatar } from "../slack/Avatar";
import { useSession } from "../lib/session";
import type { Persona } from "../types";

interface Props {
  personas: Persona[];
  viewer: string;
  choose: (user: string) => void;
}

export function PersonaSwitch({ personas, viewer, choose }: Props) {
  const { users } = useSession();
  return (
    <fieldset className="personas" data-testid="personas" data-viewer={viewer}>
      <legend>You are</legend>
      {personas.map((persona) => (
        <label
          key={persona.user}
          className={persona.user === viewer ? "on" : ""}
          data-testid="persona-option"
          data-user={persona.user}
          data-login={persona.login}
        >
          <input
            type="radio"
            name="persona"
            value={persona.user}
            checked={persona.user === viewer}
            onChange={() => choose(persona.user)}
          />
          <Avatar name={persona.name} size={28} />
          <span>
            <strong>{persona.name}</strong>
            <small>{users.get(persona.user)?.deleted ? "deactivated" : persona.role}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
