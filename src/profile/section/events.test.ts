import { describe, expect, it } from 'vitest';
import { only, whatIsWrong, withLines } from '../sample-profile.case.ts';

describe('events that change the catalogue', () => {
  it.each([
    [
      'changeCatalogue: tools, rename: issues_get',
      { list: 'tools', renamed: { from: 'issues_get', to: 'issues_get_v2' }, notify: true },
    ],
    [
      'changeCatalogue: tools, rename: echo, to: say, notify: false',
      { list: 'tools', renamed: { from: 'echo', to: 'say' }, notify: false },
    ],
    ['changeCatalogue: prompts', { list: 'prompts', added: 1, notify: true }],
    [
      'changeCatalogue: resources, add: 5, except: 2',
      { list: 'resources', added: 5, notify: true, except: 2 },
    ],
  ])('%s', (text, planned) => {
    const { catalogueEvents, events } = only(withLines(`events: [{ at: 1s, ${text} }]`));
    expect(catalogueEvents).toEqual([{ kind: 'changeCatalogue', atUs: 1e6, ...planned }]);
    expect(events).toEqual([]);
  });

  it('are kept apart from those that change rights, each in the order of time', () => {
    const { catalogueEvents, events } = only(
      withLines(
        'auth: { mode: jwt }',
        'fleet: { offer: { resources: 1 } }',
        'events: [{ at: 4s, updateResource: "paceline://resource/1" }, { at: 3s, rotateKeys: true }, { at: 2s, changeCatalogue: tools }]',
      ),
    );
    expect(catalogueEvents.map(({ kind, atUs }) => [kind, atUs])).toEqual([
      ['changeCatalogue', 2e6],
      ['updateResource', 4e6],
    ]);
    expect(events.map(({ kind }) => kind)).toEqual(['rotateKeys']);
  });

  it.each([
    [
      '{ at: 1s, changeCatalogue: tools, updateResource: "paceline://resource/1" }',
      'sets changeCatalogue and updateResource',
    ],
    ['{ at: 1s, changeCatalogue: prompts, rename: echo }', 'rename: applies to tools only'],
    ['{ at: 1s, changeCatalogue: tools, rename: echo, add: 1 }', 'rename: cannot be combined with add'],
    ['{ at: 1s, updateResource: "paceline://resource/2", add: 1 }', 'add: applies to changeCatalogue only'],
    ['{ at: 1s, updateResource: "x://none" }', 'updateResource: is no resource of the built-in servers'],
    [
      '{ at: 1s, updateResource: "paceline://resource/3" }',
      'updateResource: is no resource of the built-in servers',
    ],
    ['{ at: 1s, changeCatalogue: tools, to: echo }', 'to: has no effect without rename'],
    ['{ at: 1s, changeCatalogue: tools, rename: nothing }', 'rename: there is no tool nothing at that time'],
    [
      '{ at: 1s, changeCatalogue: tools, rename: crm_export }',
      'rename: there is no tool crm_export at that time',
    ],
    ['{ at: 1s, changeCatalogue: tools, rename: echo, to: work }', 'to: there is a tool work already'],
    ['{ at: 1s, changeCatalogue: tools, except: 9 }', 'except: there is no instance 9'],
    ['{ at: 20s, changeCatalogue: tools }', 'at: is not within the measured time of 10s'],
    [
      '{ at: 1s, rotateKeys: true, notify: false }',
      'notify: applies to changeCatalogue and updateResource only',
    ],
  ])('%s', (event, message) => {
    expect(
      whatIsWrong('auth: { mode: jwt }', 'fleet: { offer: { resources: 2 } }', `events: [${event}]`),
    ).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    ['a tool that an earlier event adds', 'at: 2s, changeCatalogue: tools, rename: calendar_get', []],
    [
      'a tool before it is added',
      'at: 500ms, changeCatalogue: tools, rename: calendar_get',
      ['rename: there is no tool calendar_get at that time'],
    ],
    [
      'a tool by its earlier name',
      'at: 4s, changeCatalogue: tools, rename: echo',
      ['rename: there is no tool echo at that time'],
    ],
    [
      'a tool to the name that another one has given up',
      'at: 4s, changeCatalogue: tools, rename: work, to: echo',
      [],
    ],
    [
      'a tool to a name by default that exists',
      'at: 4s, changeCatalogue: tools, rename: say',
      ['rename: there is a tool say_v2 already'],
    ],
  ])('rename %s', (_, event, messages) => {
    const all = [
      '{ at: 1s, changeCatalogue: tools, add: 1 }',
      '{ at: 3s, changeCatalogue: tools, rename: report, to: say_v2 }',
      '{ at: 3s, changeCatalogue: tools, rename: echo, to: say }',
      `{ ${event} }`,
    ];
    const found = whatIsWrong(`events: [${all.join(', ')}]`);
    expect(found).toEqual(messages.map((message) => expect.stringContaining(message)));
  });

  it('need a built-in server', () => {
    const found = whatIsWrong(
      'fleet: { server: { command: node s.js } }',
      'events: [{ at: 1s, changeCatalogue: tools }]',
    );
    expect(found).toEqual([expect.stringContaining('changeCatalogue: needs a built-in server')]);
  });
});
