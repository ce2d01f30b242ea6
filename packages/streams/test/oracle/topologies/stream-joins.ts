import {
  join,
  type JoinWindows,
  joinWindows,
  type KStream,
  leftJoin,
  noGrace,
  outerJoin,
  selectKey,
  stream,
  string,
  to,
} from "../../../src/index.ts";
import { type Scenario, scenario, strings } from "./scenario.ts";

type Texts = KStream<string | null, string | null>;

const both = (left: string | null, right: string | null): string => `${left}/${right}`;

const inner = (windows: JoinWindows): Scenario =>
  joined((left, right) => left.pipe(join(right, both, { name: "j", windows })));
const left = (windows: JoinWindows): Scenario =>
  joined((own, right) => own.pipe(leftJoin(right, both, { name: "j", windows })));
const outer = (windows: JoinWindows): Scenario =>
  joined((own, right) => own.pipe(outerJoin(right, both, { name: "j", windows })));

const joined = (pipe: (left: Texts, right: Texts) => KStream<string | null, string>): Scenario =>
  scenario(() => [pipe(stream(strings("left")), stream(strings("right"))).pipe(to(strings("out")))]);

const tenNoGrace = joinWindows(10, noGrace);
const tenGrace = joinWindows(10, { grace: 5 });

export const streamJoins: Readonly<Record<string, Scenario>> = {
  "ss-inner": inner(tenNoGrace),
  "bytes-ss-inner": inner(tenNoGrace),
  "ss-inner-grace": inner(joinWindows(10, { grace: 20 })),
  "ss-inner-asym": inner(joinWindows(10, { grace: 10, before: 2, after: 8 })),
  "ss-left": left(tenNoGrace),
  "ss-left-default-interval": left(tenNoGrace),
  "ss-left-grace": left(tenGrace),
  "ss-left-asym": left(joinWindows(10, { grace: 3, before: 10, after: 0 })),
  "ss-outer": outer(tenNoGrace),
  "ss-outer-grace": outer(tenGrace),
  "bytes-ss-outer-grace": outer(tenGrace),
  "ss-outer-asym": outer(joinWindows(10, { grace: 3, before: 0, after: 7 })),
  "ss-outer-shifted": outer(joinWindows(10, { grace: 3, before: -2, after: 6 })),
  "ss-rekeyed": joined((own, right) =>
    own.pipe(
      selectKey((value) => (value === null || value === "" ? null : value.slice(0, 1)), {
        key: strings("left").key,
      }),
      join(right, both, { name: "j", windows: joinWindows(10, { grace: 50 }) }),
    ),
  ),
  "ss-self": scenario(() => {
    const s = stream(strings("in"));
    return [s.pipe(join(s, both, { name: "j", windows: tenNoGrace }), to(strings("out")))];
  }),
  "ss-three-way": joined((own, right) =>
    own.pipe(
      join(right, both, { name: "j1", windows: joinWindows(10, { grace: 50 }), value: string() }),
      leftJoin(stream(strings("third")), both, { name: "j2", windows: joinWindows(5, noGrace) }),
    ),
  ),
};
