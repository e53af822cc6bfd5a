import { useEffect, useRef } from "react";

/** One sentence about what went wrong, above everything else, until it is closed or the next thing works. */
export function Toast({ sentence, close }: { sentence: string | null; close: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (sentence) place.current?.showPopover();
    else place.current?.hidePopover();
  }, [sentence]);
  return (
    <div ref={place} className="toast-place" popover="manual" role="alert">
      {sentence && (
        <p className="toast" data-testid="toast">
          {sentence}
          <button type="button" className="icon-button" aria-label="Close message" onClick={close}>
            ✕
          </button>
        </p>
      )}
    </div>
  );
}
