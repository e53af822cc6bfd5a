import { useSession } from "../lib/session";

/** Deactivates who is played, as an administrator of the workspace would, or takes the person back. */
export function MemberSwitch() {
  const { state, viewer, users, act } = useSession();
  const persona = state.personas.find(({ user }) => user === viewer);
  const deleted = users.get(viewer)?.deleted ?? false;
  if (!persona) return null;
  return (
    <button
      type="button"
      className="link member-switch"
      data-testid="member-switch"
      data-deleted={deleted}
      onClick={() => void act("change_member", { viewer, user: viewer, deleted: !deleted })}
    >
      {deleted ? `Take ${persona.name} back` : `Deactivate ${persona.name} in Slack`}
    </button>
  );
}
