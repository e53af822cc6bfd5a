import { fullTime, moment } from "../lib/time";
import type { Review } from "../types";
import { Markdown } from "./Markdown";
import { StateMark } from "./StateMark";
import { loginOf, reviewWord, short } from "./words";

export function Reviews({ reviews }: { reviews: Review[] }) {
  return (
    <section aria-label="Reviews">
      <h3>
        Reviews <span className="count">{reviews.length}</span>
      </h3>
      <ul className="rows">
        {reviews.map((review) => (
          <ReviewRow key={review.id} review={review} />
        ))}
      </ul>
      {reviews.length === 0 && <p className="muted">Nobody has reviewed yet.</p>}
    </section>
  );
}

function ReviewRow({ review }: { review: Review }) {
  const { word, tone } = reviewWord(review.state);
  const when = moment(review.submitted_at);
  return (
    <li data-testid="review" data-login={loginOf(review.user)} data-state={review.state}>
      <StateMark tone={tone} />
      <div className="grow">
        <strong>{loginOf(review.user)}</strong> <span className={`${tone}-text`}>{word}</span>
        <span className="muted">
          {" "}
          {review.commit_id && (
            <>
              on <code>{short(review.commit_id)}</code>
            </>
          )}{" "}
          {when && fullTime(when)}
        </span>
        {review.body && <Markdown text={review.body} />}
      </div>
    </li>
  );
}
