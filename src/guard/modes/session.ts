/**
 * @module Mode `session`: the token is verified when a session is opened, and whoever sends the id of the session is trusted after that.
 * It is the widespread mistake that MCP forbids ("MUST NOT use sessions for authentication"), to show what it costs.
 */
import type { CreateAuthenticator, Identity } from '../guard.ts';
import { BoundedMap } from './bounded-map.ts';
import { jwt } from './jwt.ts';

/** Far more than the agents of a load. A session that is forgotten needs a token again. */
const SESSIONS_KEPT = 65_536;

/**
 * A request in a session that was not opened here (it belongs to another instance, or was made up) is checked by its token, like one
 * without a session. The server's own check of sessions then answers 404, by which the caller learns that it has to open a new one; a
 * refusal with 401 would hide that.
 */
export const session: CreateAuthenticator = (context) => {
  const opened = new BoundedMap<Identity>(SESSIONS_KEPT);
  const tokens = jwt(context);
  return {
    ...tokens,
    authenticate(request) {
      const id = request.operation.method === 'initialize' ? undefined : request.header('mcp-session-id');
      const trusted = id === undefined ? undefined : opened.get(id);
      return trusted ?? tokens.authenticate(request);
    },
    opened: (id, identity) => opened.set(id, identity),
  };
};
