/** @module A list in the order of last use, whose members carry its links: moving one allocates nothing. */

/** What can be in one {@link Recency} at a time. */
export interface Linked<Member> {
  older: Member | undefined;
  newer: Member | undefined;
}

/** The least recently used member is {@link Recency.oldest}. */
export class Recency<Member extends Linked<Member>> {
  oldest: Member | undefined = undefined;
  #newest: Member | undefined = undefined;

  /** Adds a member, as the newest. */
  add(member: Member): void {
    member.older = this.#newest;
    member.newer = undefined;
    if (this.#newest === undefined) this.oldest = member;
    else this.#newest.newer = member;
    this.#newest = member;
  }

  remove(member: Member): void {
    if (member.older === undefined) this.oldest = member.newer;
    else member.older.newer = member.newer;
    if (member.newer === undefined) this.#newest = member.older;
    else member.newer.older = member.older;
    member.older = undefined;
    member.newer = undefined;
  }

  /** Makes a member the newest. */
  use(member: Member): void {
    if (this.#newest === member) return;
    this.remove(member);
    this.add(member);
  }
}
