import type { AssignableMember } from "./assignable-member.ts";

interface Claim {
  readonly memberId: string;
  readonly generation: number;
}

/** Who runs which task now. Of two that claim one, it is the one that got it in the later generation. */
export class TaskClaims {
  readonly #claims = new Map<string, Map<number, Claim>>();

  constructor(members: readonly AssignableMember[]) {
    for (const { memberId, generation, offers } of members)
      for (const { identity, owned } of offers) {
        const claims = this.#claims.get(identity) ?? new Map<number, Claim>();
        this.#claims.set(identity, claims);
        for (const partition of owned)
          if ((claims.get(partition)?.generation ?? Number.NEGATIVE_INFINITY) < generation)
            claims.set(partition, { memberId, generation });
      }
  }

  owner(identity: string, partition: number): string | undefined {
    return this.#claims.get(identity)?.get(partition)?.memberId;
  }

  /** The partitions that a member runs of a sub-topology, in ascending order. */
  ownedBy(memberId: string, identity: string): readonly number[] {
    return [...(this.#claims.get(identity) ?? [])]
      .filter(([, claim]) => claim.memberId === memberId)
      .map(([partition]) => partition)
      .toSorted((a, b) => a - b);
  }
}
