import { type MillraceError, messageOf } from "../../errors.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { AppSettings } from "../settings/app-options.ts";
import type { UncaughtDecision } from "../settings/error-handlers.ts";
import type { Task } from "../task/task.ts";
import type { MemberEvent } from "./member-event.ts";
import type { MemberOptions } from "./member-options.ts";
import type { MemberPost, Untimed } from "./member-post.ts";
import { idsOf } from "./member-state.ts";

/** What failed: what starting over may mend is told and tried again; the rest is decided by the application's handler. */
export class Troubles {
  readonly #options: Pick<MemberOptions, "settings" | "metrics" | "failed" | "stopAll" | "doubt">;
  readonly #post: MemberPost;
  /** The application is told once, and then ends. */
  #failed = false;

  constructor(
    options: Pick<MemberOptions, "settings" | "metrics" | "failed" | "stopAll" | "doubt">,
    post: MemberPost,
  ) {
    this.#options = options;
    this.#post = post;
  }

  /** What starting over may mend is told and goes to `event`; the rest ends the application. */
  troubled(error: unknown, what: string, event: Untimed<MemberEvent>): void {
    const { metrics, settings, failed } = this.#options;
    if (!(error instanceof TransportError) || error.rank === "fatal" || error.rank === "record") {
      failed(error);
      return;
    }
    // It ends: what was under way fails because of that, and nothing is begun anew.
    if (this.#failed) {
      this.#post.post(event);
      return;
    }
    metrics.troubles++;
    if (error.kafkaError === "UNKNOWN_TOPIC_OR_PARTITION") this.#options.doubt();
    settings.log("warn", `${what}, starting over from the last commit: ${messageOf(error)}`, {
      code: error.kafkaError,
      tasks: idsOf(this.#post.state(), "running", "draining"),
    });
    this.#post.post(event);
  }

  /** A task is halted. */
  taskFailed(task: Task): void {
    if (this.#failed) return;
    const { failure, retry } = task;
    const { settings, failed } = this.#options;
    const { state, dispatch } = this.#post;
    if (failure === undefined) {
      settings.log("warn", `trying again from the last commit: ${messageOf(retry)}`, { task: task.taskId });
      dispatch({ type: "void", epoch: state().epoch });
      return;
    }
    const decision = decide(settings, failure);
    if (decision !== "replaceMember") {
      this.#failed = true;
      if (decision === "stopApplication") this.#options.stopAll(failure);
      else failed(failure);
      return;
    }
    settings.log(
      "error",
      `giving up the tasks, and beginning again from the last commit: ${failure.message}`,
      {
        code: failure.code,
        task: task.taskId,
      },
    );
    dispatch({ type: "giveUp" });
  }
}

const decide = ({ handlers, log }: AppSettings, failure: MillraceError): UncaughtDecision => {
  try {
    return handlers.uncaught(failure, 0);
  } catch (error) {
    log("error", `the handler of what nobody caught failed itself: ${messageOf(error)}`);
    return "stopClient";
  }
};
