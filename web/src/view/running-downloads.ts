/** The downloads under way on this page. While there are any, the browser asks before it closes the page. */
export class RunningDownloads {
  readonly #controllers = new Set<AbortController>();

  get count(): number {
    return this.#controllers.size;
  }

  add(controller: AbortController): void {
    this.#controllers.add(controller);
    addEventListener('beforeunload', warnBeforeLeaving);
  }

  remove(controller: AbortController): void {
    this.#controllers.delete(controller);
    if (this.count === 0) removeEventListener('beforeunload', warnBeforeLeaving);
  }

  stopAll(): void {
    for (const controller of this.#controllers) controller.abort();
  }
}

function warnBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
