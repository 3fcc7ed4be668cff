// What one onlooker saw of one job.
import assert from 'node:assert/strict';

export class Sight {
  /** States in order, each named once until it changes. */
  states = [];
  done = 0;
  sha256 = '';
  /** Every time the progress went back: an onlooker must never see that. */
  falls = [];

  constructor(name) {
    this.name = name;
  }

  get state() {
    return this.states.at(-1);
  }

  /** Takes one look; members that this look does not tell are left out. */
  see({ state, done, sha256 }) {
    if (state !== undefined && state !== this.state) this.states.push(state);
    if (done !== undefined) {
      if (done < this.done) this.falls.push(`${this.done} -> ${done} while ${this.state}`);
      this.done = done;
    }
    if (sha256) this.sha256 = sha256;
  }
}

/** All sights show exactly `states`, the digest `sha256`, and progress that never falls. */
export function assertSeenAlike(sights, { states, sha256 }) {
  for (const sight of sights) {
    assert.deepEqual(sight.states, states, `the states that ${sight.name} saw`);
    assertSound(sight, sha256);
  }
}

/** As assertSeenAlike, for onlookers that may have joined later: they saw the end of `states`. */
export function assertSeenFromJoining(sights, { states, sha256 }) {
  for (const sight of sights) {
    assert.ok(sight.states.length > 0, `${sight.name} saw the job`);
    assert.deepEqual(sight.states, states.slice(-sight.states.length), `the states that ${sight.name} saw`);
    assertSound(sight, sha256);
  }
}

function assertSound(sight, sha256) {
  assert.deepEqual(sight.falls, [], `${sight.name} never saw progress fall`);
  assert.equal(sight.sha256, sha256, `the digest that ${sight.name} saw`);
}
