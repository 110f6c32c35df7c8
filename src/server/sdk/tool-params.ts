/** @module The parameters of a request as the caller has sent them, put together from what the SDKs divide them into. */
import { isObject, type JsonObject } from '../../protocol/json-object.ts';

/** What the SDKs pass to a handler beside the parameters: 2.x in `mcpReq`, 1.x `_meta` alone. */
export interface HandlerContext {
  readonly _meta?: JsonObject | undefined;
  readonly mcpReq?: {
    readonly _meta?: JsonObject | undefined;
    /** The keys of `_meta` that the revision defines. */
    readonly envelope?: object | undefined;
    readonly inputResponses?: JsonObject | undefined;
    requestState(): unknown;
    notify(notification: JsonObject): Promise<void>;
  };
  /** How 1.x names `notify`. */
  readonly sendNotification?: (notification: JsonObject) => Promise<void>;
}

/** `params`, with what the SDK has taken out of them. */
export function wholeParams(params: JsonObject, context: HandlerContext): JsonObject {
  const { mcpReq } = context;
  const given = isObject(params['_meta']) ? params['_meta'] : undefined;
  if (mcpReq === undefined) return { ...params, _meta: given ?? context._meta };
  const { inputResponses } = mcpReq;
  const requestState = mcpReq.requestState();
  return {
    ...params,
    _meta: { ...(given ?? mcpReq._meta), ...mcpReq.envelope },
    ...(inputResponses && { inputResponses }),
    ...(requestState !== undefined && { requestState }),
  };
}
