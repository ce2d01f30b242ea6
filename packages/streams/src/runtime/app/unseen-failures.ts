/** Failures of applications that nobody has seen yet: `done()` was not called. */
const unseen = new Map<Error, string>();

/**
 * An application ended by itself. If the process comes to its end with nobody having looked, it says why and ends with
 * code 1, as with any error that nobody catches; as long as it goes on, somebody may still look.
 */
export const failedUnseen = (failure: Error, applicationId: string): void => {
  if (unseen.size === 0) process.once("beforeExit", tell);
  unseen.set(failure, applicationId);
};

/** Somebody knows of it now. */
export const seen = (failure: Error): void => {
  if (unseen.delete(failure) && unseen.size === 0) process.removeListener("beforeExit", tell);
};

const tell = (): void => {
  for (const [failure, applicationId] of unseen)
    process.stderr.write(
      `millrace: application "${applicationId}" ended, and nobody awaits its done(): ${failure.message}\n`,
    );
  unseen.clear();
  process.exitCode ??= 1;
};
