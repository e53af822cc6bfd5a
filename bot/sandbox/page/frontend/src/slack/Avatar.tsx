const HUES = [222, 160, 28, 340, 265, 190, 90, 8];

/** A square with the initials; the colour follows the name, and says nothing by itself. */
export function Avatar({ name, bot = false, size = 36 }: { name: string; bot?: boolean; size?: number }) {
  const sum = [...name].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  const initials = name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word[0]?.toUpperCase() ?? "")
    .join("");
  const style = {
    width: size,
    height: size,
    fontSize: size * 0.4,
    background: `hsl(${HUES[sum % HUES.length]} 48% 42%)`,
  };
  return bot ? (
    <img className="avatar" src="/page/static/icon.svg" width={size} height={size} alt="" />
  ) : (
    <span className="avatar" style={style} aria-hidden="true">
      {initials}
    </span>
  );
}
