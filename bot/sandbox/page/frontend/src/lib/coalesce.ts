/** Runs `work` at most once at a time; calls made meanwhile become one further run, so the last one sees the latest. */
export function coalesce(work: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  return function run(): void {
    if (running) {
      again = true;
      return;
    }
    running = true;
    void work().finally(() => {
      running = false;
      if (again) {
        again = false;
        run();
      }
    });
  };
}
