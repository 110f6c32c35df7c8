/** @module What the reference says about `target` beyond its keys: credentials and proxies. */
import { alternatives } from '../../units/words.ts';
import { DRIVER_NAMES, DRIVERS } from '../kinds.ts';

const PROXY_DRIVERS = alternatives(
  DRIVER_NAMES.filter((name) => DRIVERS[name].proxy).map((name) => `\`load.driver: ${name}\``),
);

export const TARGET_DOCS = `
## Headers

The values in \`target.headers\` and \`fleet.headers\` are sent with every request of the load, in both eras: with calls, \`initialize\`, the GET stream
and \`DELETE\`.

- \`{{agent}}\` is the number of the agent, from 0. It makes agents differ on the wire, so that a balancer can tell them apart
  (\`balancer.policy: hash-identity\` reads \`Authorization\`).
- A list has a value for each agent: agent \`i\` sends number \`i\` of it, and the list starts again at its end.
- \`\${NAME}\` is the environment variable \`NAME\`. A variable that is not set, or empty, is an error. Its value is never shown and never recorded.
- \`\\{{\` and \`\\\${\` stand for literal \`{{\` and \`\${\`. Headers that MCP sets (\`Mcp-Method\`, ...) have one value for all agents.

\`\`\`yaml
target:
  url: https://mcp.example.com/mcp
  headers:
    X-Tenant: tenant-{{agent}}
    Authorization: ["Bearer \${TOKEN_A}", "Bearer \${TOKEN_B}"]
\`\`\`

## Credentials

Credentials are sent, but not recorded in the result: the values of headers that are credentials by their name (\`Authorization\`, \`Cookie\`, keys, tokens,
secrets, passwords, signatures, sessions and similar, except \`Mcp-Session-Id\`), the values of such parameters (and \`code\`) in the URL of a
target, the user and password of \`target.proxy\`, and all of \`fleet.server.env\`. A notice names what was left out. Messages never quote
these, nor a \`--header\` or \`--set\` that is not valid.

## Proxies

With \`target.proxy\` every connection goes through a forward proxy, including the one that detects the era. Only ${PROXY_DRIVERS} supports it. Each
connection is a separate tunnel, opened by \`CONNECT\`, for \`http\` targets too. An answer of the proxy is therefore never mistaken for one of the server, and
\`load.connections\` is the number of connections at the server. A proxy may reject tunnels to ports other than 443; the error says so. \`https\`
targets use HTTP/2 in the tunnel if they prefer it. The proxy itself may have an \`https\` URL; \`--insecure\` and \`--ca-file\` apply to its
certificate as well. SOCKS is not supported, and the variables \`HTTP_PROXY\`, \`HTTPS_PROXY\` and \`NO_PROXY\` are not read.

A failure at the proxy has the outcome \`refused\` or \`tls-error\`, and a detail that begins with the proxy's address: it cannot be reached, it requires
credentials (407), it cannot reach the server (502, 504), it rejects the tunnel (403), or it does not speak TLS or HTTP. A failure in the tunnel is
reported as it is without a proxy, with \`through proxy\` and the proxy's address added.

\`\`\`yaml
load: { rate: 100/s, driver: undici }
target: { url: https://mcp.example.com/mcp }
variants:
  - { name: direct }
  - { name: through the proxy, target.proxy: "http://user:password@127.0.0.1:3128" }
\`\`\`
`;
