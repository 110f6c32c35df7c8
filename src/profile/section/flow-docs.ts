/** @module What the reference says of flows. */

export const FLOW_DOCS = `
## Flows

A call of the mix may be a flow, a list of steps that are made one after the other:

\`\`\`yaml
calls:
  - name: order
    weight: 3
    flow:
      - { tool: create_basket, save: { basket: $.basket_id } }
      - { tool: add_to_basket, arguments: { basket_id: "{{saved.basket}}", item: "item-{{randomInt 1 50}}" }, repeat: 3 }
      - { think: 200ms..2s }
      - parallel:
          - { tool: get_basket, arguments: { basket_id: "{{saved.basket}}" } }
          - { list: tools }
  - { tool: echo, arguments: { text: hello } }
\`\`\`

- A step is a call like any other (\`tool\`, \`list\`, \`read\`, \`prompt\`, \`discover\`, \`method\`), a think time, or calls in \`parallel\`, which
  are due at the same time. \`repeat\` makes a call several times, one after the other; in \`parallel\`, at the same time.
- \`save\` keeps parts of the result, each found by a JSONPath (RFC 9535); of several values, the first. The root of the path is
  \`structuredContent\` of the result; without it, the first text of \`content\` that is a JSON object or array, or else the first that is JSON; otherwise the result itself. Of a
  list of several pages, it is the last page. Of a call that became a task, it is the result of the task. A result that comes from the agent's cache gives the same values
  as the one that was kept.
- \`{{saved.NAME}}\` in a later step is the value. A string that consists of nothing else becomes the value with its JSON type.
- An arrival of a flow is due as any other, and so is its first step. A later step is due when the one before has ended, after the think
  time if there is one: in the open loop as well, since a caller cannot use what it does not have yet.
- Each step is a call of its own in all figures, named \`FLOW / CALL\`: \`order / tools/call add_to_basket\`. \`load.rate\` is the rate of arrivals: a
  flow of five calls makes five calls for each. The calls of a flow belong to the time in which the flow was due: all of them are
  measured, or all are warm-up.
- A step that does not end \`ok\` ends its flow, and so does one that is dropped because as many calls as allowed are in flight. A step
  whose result lacks what it should save ends as \`malformed\`. Steps that did not become due are not counted.
- \`stolen: 0.2\` plants a misuse: this share of the calls of the step is made by another agent, with its own credentials and with what this flow has saved. The other
  agent is that of the latest flow before this one in the same thread that was of another agent; while there is none, the flow's own agent makes the call. The call is recorded
  as it ends, a refused one as \`tool-error\`, and the flow goes on. Refusals of such calls are no errors: \`error_rate\` leaves them out, and "ok" in the report includes them.
  How many were refused: [state](state.md).
- When the load is over, flows under way go on. A step that would become due later than \`load.timeout\` after the end is not made: its flow counts as unfinished.
- In a closed loop, a flow takes one place of \`load.concurrency\` from its first step to its last.
`;
