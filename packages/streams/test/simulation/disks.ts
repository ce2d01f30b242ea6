import { seededRandom } from "../../src/testing/seeded-random.ts";
import { SimulatedDisk } from "../../src/testing/simulated-disk.ts";
import type { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { below } from "./input.ts";

/** Of schedules whose members keep their state on disks. */
const chanceOfDisks = 0.5;

/**
 * The disks of a schedule's members. Between two lives of a member its disk is kept as its death left it, or is lost, or goes
 * back to what it was at an earlier death. Chance of its own: a schedule is the same with disks and without.
 */
export class Disks {
  readonly #clock: VirtualClock;
  readonly #random: () => number;
  readonly #trace: (line: string) => void;
  readonly #disks = new Map<string, SimulatedDisk>();

  /** Undefined where the seed's members have none. */
  static of(seed: number, clock: VirtualClock, trace: (line: string) => void): Disks | undefined {
    const random = seededRandom(seed + 7_919);
    return random() < chanceOfDisks ? new Disks(clock, random, trace) : undefined;
  }

  private constructor(clock: VirtualClock, random: () => number, trace: (line: string) => void) {
    this.#clock = clock;
    this.#random = random;
    this.#trace = trace;
  }

  /** The disk of a member that is about to begin a life. */
  of(member: string): SimulatedDisk {
    const known = this.#disks.get(member);
    if (known === undefined) {
      const disk = new SimulatedDisk(this.#clock, {
        // Mostly quick; sometimes so slow that a commit waits for it.
        writeMs: () => (this.#random() < 0.95 ? 1 + below(this.#random, 5) : below(this.#random, 2_000)),
        // Less than there is.
        cacheBytes: 500,
      });
      this.#disks.set(member, disk);
      return disk;
    }
    known.remember();
    const fate = this.#random();
    if (fate < 0.15) {
      this.#trace(`the disk of ${member} is lost`);
      known.lose();
    } else if (fate < 0.35) {
      const to = below(this.#random, known.remembered);
      this.#trace(`the disk of ${member} is as it was after life ${to + 1}`);
      known.goBack(to);
    }
    return known;
  }
}
