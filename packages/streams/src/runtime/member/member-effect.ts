/** What the loop does for the state machine. Each is done once, in order, before the next event is looked at. */
export type MemberEffect =
  /** Opens the producer of this epoch, which fences and ends what its predecessor left open. */
  | { readonly type: "open"; readonly epoch: number }
  /** Closes the producer of this epoch, if there is one, and with it a commit on the wire. */
  | { readonly type: "shut"; readonly epoch: number }
  | { readonly type: "start"; readonly task: string; readonly life: number }
  /** A start is of no use any more. */
  | { readonly type: "abandon"; readonly task: string }
  /** The task takes records from now on, and sends through the open producer. */
  | { readonly type: "run"; readonly task: string }
  /** The task sends nothing more until it runs again; its asynchronous work is forgotten. */
  | { readonly type: "suspend"; readonly task: string }
  /** Finds out which commit of these took effect, and puts them back to it. */
  | { readonly type: "resume"; readonly epoch: number; readonly tasks: readonly string[] }
  /** Steps 3 to 5: of all that these tasks did since their last commit. */
  | {
      readonly type: "seal";
      readonly commit: number;
      readonly epoch: number;
      readonly tasks: readonly string[];
    }
  | { readonly type: "close"; readonly task: string }
  | { readonly type: "reply"; readonly token: number }
  /** Leaves the group, whose tasks are given up already, so that others go on. */
  | { readonly type: "leave" }
  | { readonly type: "end" };
