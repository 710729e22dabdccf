import { basic, bearer, none } from './credentials.ts';
import { github } from './github.ts';
import { hmac } from './hmac.ts';
import { shopify } from './shopify.ts';
import { slack } from './slack.ts';
import { standard } from './standard.ts';
import { stripe } from './stripe.ts';
import type { Preset } from './types.ts';

/** Every way to verify, by the word of the trigger's `verify`. */
export const PRESETS: ReadonlyMap<string, Preset> = new Map(
  Object.entries({ none, bearer, basic, hmac, standard, github, stripe, slack, shopify }),
);
