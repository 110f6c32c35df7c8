/** @module Policy `least-in-flight`: the live upstream with the fewest open requests (`least_conn` of nginx, `leastconn` of HAProxy, counted in requests). */
import { type CreatePolicy, NONE } from './policy.ts';

/** The live upstream with the fewest requests in flight. Upstreams with equal counts take turns, so that an idle fleet is used evenly. */
export const leastInFlight: CreatePolicy = (upstreams) => {
  let next = 0;
  return {
    choose() {
      let chosen = NONE;
      for (let step = 0; step < upstreams.length; step += 1) {
        const index = (next + step) % upstreams.length;
        const candidate = upstreams[index]!;
        if (!candidate.live) continue;
        if (chosen === NONE || candidate.inFlight < upstreams[chosen]!.inFlight) chosen = index;
      }
      if (chosen !== NONE) next = chosen + 1;
      return chosen;
    },
  };
};
