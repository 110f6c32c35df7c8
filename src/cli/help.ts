/** @module What help texts say beyond the options: examples of each command, the language of thresholds, and Ctrl-C. */

/** Lines of examples, each a command and what it does. */
function examples(...lines: readonly (readonly [command: string, does: string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length));
  return `\nExamples:\n${lines.map(([command, does]) => `  ${command.padEnd(width)}  # ${does}`).join('\n')}\n`;
}

export const RUN_EXAMPLES: string = examples(
  ['paceline run profile.yaml', 'run it; the summary is on stdout'],
  ['paceline run profile.yaml --plan', 'show what would run, and how long'],
  ['paceline run profile.yaml --once', 'try each call once'],
  ['paceline run profile.yaml --target http://127.0.0.1:3000/mcp', 'load your server'],
  ['paceline run profile.yaml --format md > summary.md', 'stdout carries the result as Markdown'],
  ['cat profile.yaml | paceline run - --json > result.json', 'read the profile from standard input'],
);

export const VALIDATE_EXAMPLES: string = examples(
  ['paceline validate profile.yaml', 'exit code 2, and every problem, when it is not valid'],
  ['paceline validate profile.yaml --set load.rate=1k/s', 'with an override'],
);

export const FLEET_EXAMPLES: string = examples(
  ['paceline fleet profile.yaml', 'start it, list its instances, stop with Ctrl-C'],
  ['paceline fleet profile.yaml --variant sticky --json', 'one variant; a line of JSON when ready'],
);

export const REPORT_EXAMPLES: string = examples(
  ['paceline report results/2026-11-26T12-00-00-profile --format md', 'print a result as Markdown'],
  ['paceline report result.json --format junit > junit.xml', 'for the test view of a CI system'],
  ['paceline report result.json --format svg --out charts', 'one file for each chart'],
  ['paceline report result.json --audit audit.json', 'with the audit as a section of the page'],
  ['paceline report result.json --otlp http://127.0.0.1:4318', 'metrics for a collector'],
);

export const COMPARE_EXAMPLES: string = examples(
  ['paceline compare before/result.json after/result.json', 'two results of the same profile'],
  ['paceline compare main/ branch/ --min-effect 10%', 'all runs in two folders'],
  ['paceline compare main/ a/ b/ --headline "p(99)"', 'two candidates, judged by the p99'],
  ['paceline compare main/ branch/ --format md --out ci', 'Markdown on stdout, all formats in ci'],
  ['paceline compare --baseline main results/branch', 'with the stored baseline of a branch'],
  ['paceline compare main/ branch/ --budget strict', 'throughput, p95, p99 and errors decide'],
);

export const AB_EXAMPLES: string = examples(
  ['paceline ab profile.yaml --a "node old.js" --b "node new.js"', 'two commands'],
  [
    'paceline ab profile.yaml --a-ref main --b-ref HEAD --build "npm ci && npm run build"',
    'two revisions of this repository',
  ],
  [
    'paceline ab profile.yaml --a-target http://127.0.0.1:3000/mcp --b-target http://127.0.0.1:3001/mcp',
    'two endpoints',
  ],
);

export const BASELINE_EXAMPLES: string = examples(
  ['paceline baseline save results/main', 'after a run of the main branch'],
  ['paceline compare --baseline main results/branch', 'after a run of another one'],
);

export const BASELINE_SAVE_EXAMPLES: string = examples(
  ['paceline baseline save result.json', 'under the branch that is checked out'],
  ['paceline baseline save result.json --branch main --name v1.2', 'kept until its folder is deleted'],
);

export const BASELINE_LIST_EXAMPLES: string = examples(
  ['paceline baseline list', 'what is stored, and where'],
  ['paceline baseline list --dir cache/baselines --json', 'in another folder, as JSON'],
);

export const TREND_EXAMPLES: string = examples(
  ['paceline trend results', 'all runs below a folder'],
  ['paceline trend .paceline/baselines --metric responseTime.p99Us', 'the stored baselines'],
  ['paceline trend results --out trend', 'also as a page with charts'],
);

export const AUDIT_EXAMPLES: string = examples(
  ['paceline audit profile.yaml', 'start its fleet and audit it'],
  ['paceline audit URL --instance URL1 --instance URL2', 'servers that already run'],
  ['paceline audit URL --allow create_basket', 'also call this tool, which may have effects'],
  [`paceline audit URL --identity 'a=X-Key: \${A}' --identity 'b=X-Key: \${B}'`, 'as two callers'],
  ['paceline audit profile.yaml --format html > audit.html', 'as a page'],
  ['paceline audit kept/*/audit-*.jsonl', 'the logs that run --keep has kept'],
  ['paceline audit log.jsonl --field decision=result --field us=took', 'the log of another server'],
);

export const INSPECT_EXAMPLES: string = examples(
  ['paceline inspect http://127.0.0.1:3000/mcp', 'hints, order, and differences between instances'],
  [
    `paceline inspect URL --identity 'a=X-Key: \${A}' --identity 'b=X-Key: \${B}'`,
    'compare what two callers get; variables of the environment are filled in',
  ],
);

export const RECORD_EXAMPLES: string = examples(
  ['paceline record --target http://127.0.0.1:3000/mcp --out trace.jsonl', 'until Ctrl-C'],
  ['paceline record --target URL --out trace.jsonl --listen 8080 --duration 10m', 'for ten minutes'],
);

export const INIT_EXAMPLES: string = examples(
  ['paceline init http://127.0.0.1:3000/mcp > profile.yaml', 'then: paceline run profile.yaml'],
  [`paceline init URL --header 'Authorization: Bearer \${TOKEN}'`, 'the profile names the variable'],
  ['paceline init --from .vscode/mcp.json --server shop', 'the connection of an MCP client'],
  ['paceline init URL --allow create_basket', 'also a tool that does not say that it only reads'],
);

export const CALIBRATE_EXAMPLES: string = examples([
  'paceline calibrate',
  'measure, and use it in later reports',
]);

export const BALANCER_EXAMPLES: string = examples(
  ['paceline balancer lint nginx.conf', 'find mistakes'],
  ['paceline balancer render haproxy profile.yaml', 'print a correct configuration'],
);

export const LINT_EXAMPLES: string = examples(
  ['paceline balancer lint nginx.conf', 'the language is detected'],
  ['paceline balancer lint service.yaml --kind kubernetes --json', 'findings as JSON'],
);

export const RENDER_EXAMPLES: string = examples(
  ['paceline balancer render haproxy profile.yaml', 'for the first variant'],
  ['paceline balancer render envoy profile.yaml --set balancer.policy=sticky', 'with another policy'],
);

export const COMPLETION_EXAMPLES: string = examples(
  ['source <(paceline completion bash)', 'in ~/.bashrc'],
  ['source <(paceline completion zsh)', 'in ~/.zshrc, after compinit'],
  ['paceline completion fish | source', 'in ~/.config/fish/config.fish'],
);

/** The language of thresholds. */
export const THRESHOLDS: string = `
Thresholds (the key "thresholds"; docs/thresholds.md explains them, docs/metrics.md lists all metrics):
  [distribution] p(N) | mean | max | metric   [{filter}]   < <= > >= ==   bound   [every 10s | with 95%]   [for variant]

  p(99) < 50ms                        response times of each variant
  service_time p(99.9) < 40ms         another distribution
  p(99.9){tool:search} < 200ms        only calls of this tool; also {tools/list}, {instance:1}, {identity:reader}
  error_rate < 0.1%                   a share; rates are 380/s, counts are whole numbers
  rate >= 990/s every 10s             in each whole window of 10 s
  p(95) < 20ms with 95%               with the interval of the mean over repetitions
  rate > 380/s for sticky             only this variant
`;

export const CTRL_C = `
Ctrl-C (or SIGTERM) ends the trial and writes the results so far; a second one ends at once and writes nothing more.`;

export const CTRL_C_AUDIT = `
Ctrl-C (or SIGTERM) ends the audit, stops what it has started, and prints what was found so far; a second one ends at once.`;
