import type { OnTrustNews, TrustNews } from './trust-news.ts';

/**
 * What one run of the program asks of stores about keys and channels: everything once. Under the lock it *learns*: what
 * was accepted is stored before anything is done on its word. Without it, in queries and with `--dry-run`, the same is
 * judged and nothing is stored.
 */
export class TrustSession {
  readonly #asked = new Map<string, Promise<unknown>>();
  readonly #onNews: OnTrustNews;
  #learns = false;

  constructor(onNews: OnTrustNews = () => {}) {
    this.#onNews = onNews;
  }

  /** Whether what is accepted may be stored. */
  get learns(): boolean {
    return this.#learns;
  }

  /** Runs `work`, which holds the lock. */
  async learning(work: () => Promise<void>): Promise<void> {
    this.#learns = true;
    try {
      await work();
    } finally {
      this.#learns = false;
    }
  }

  /** The answer to a question, asked once; a failure is an answer too. */
  once<T>(question: string, ask: () => Promise<T>): Promise<T> {
    // One question is always asked for one type of answer.
    const known = this.#asked.get(question) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const answer = ask();
    this.#asked.set(question, answer);
    return answer;
  }

  /** Hands on what happened; only what is stored happened. */
  async tell(news: TrustNews): Promise<void> {
    if (this.#learns) await this.#onNews(news);
  }
}
