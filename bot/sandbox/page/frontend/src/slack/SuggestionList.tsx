import type { Suggestion } from "./suggest";

interface Props {
  id: string;
  offers: Suggestion[];
  chosen: number;
  take: (one: Suggestion) => void;
}

export function SuggestionList({ id, offers, chosen, take }: Props) {
  return (
    <ul className="suggestions" role="listbox" id={id} aria-label="Suggestions" data-testid="suggestions">
      {offers.map((offer, index) => (
        <li
          key={offer.key}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === chosen}
          data-testid="suggestion"
          data-key={offer.key}
          onPointerDown={(event) => (event.preventDefault(), take(offer))}
        >
          <strong>{offer.title}</strong> <span className="suggestion-note">{offer.note}</span>
          <span className="muted suggestion-detail">{offer.detail}</span>
        </li>
      ))}
    </ul>
  );
}
