import type { OAuthProvider } from './provider.ts';

/**
 * Services whose OAuth 2.0 is known. What a service's own documents do not say is left at the standard's word. Scopes are
 * those that most workflows need; the owner of a connection may name others.
 */
export const oauthProviders = {
  google: {
    authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenUrl: 'https://oauth2.googleapis.com/token',
    revokeUrl: 'https://oauth2.googleapis.com/revoke',
    issuer: 'https://accounts.google.com',
    scopes: [],
    clientAuth: 'post',
    // Without both, a second consent brings no refresh token.
    authorizeParams: { access_type: 'offline', prompt: 'consent' },
  },
  microsoft: {
    authorizeUrl: 'https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize',
    tokenUrl: 'https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token',
    scopes: ['offline_access', 'User.Read'],
    clientAuth: 'post',
    rotates: true,
  },
  dropbox: {
    authorizeUrl: 'https://www.dropbox.com/oauth2/authorize',
    tokenUrl: 'https://api.dropboxapi.com/oauth2/token',
    revokeUrl: 'https://api.dropboxapi.com/2/auth/token/revoke',
    revokesBy: 'bearer',
    scopes: [],
    clientAuth: 'post',
    authorizeParams: { token_access_type: 'offline' },
  },
  slack: {
    authorizeUrl: 'https://slack.com/oauth/v2/authorize',
    tokenUrl: 'https://slack.com/api/oauth.v2.access',
    revokeUrl: 'https://slack.com/api/auth.revoke',
    revokesBy: 'bearer',
    scopes: ['chat:write'],
    scopeSeparator: ',',
    pkce: false,
    clientAuth: 'post',
    rotates: true,
    keeps: ['team.id', 'bot_user_id'],
    grantErrors: ['invalid_code', 'code_already_used', 'invalid_refresh_token', 'token_revoked', 'token_expired'],
  },
  discord: {
    authorizeUrl: 'https://discord.com/api/oauth2/authorize',
    tokenUrl: 'https://discord.com/api/oauth2/token',
    revokeUrl: 'https://discord.com/api/oauth2/token/revoke',
    scopes: ['identify'],
    clientAuth: 'post',
    rotates: true,
  },
  notion: {
    authorizeUrl: 'https://api.notion.com/v1/oauth/authorize',
    tokenUrl: 'https://api.notion.com/v1/oauth/token',
    revokeUrl: 'https://api.notion.com/v1/oauth/revoke',
    scopes: [],
    pkce: false,
    clientAuth: 'basic',
    body: 'json',
    authorizeParams: { owner: 'user' },
    rotates: true,
    keeps: ['workspace_id', 'bot_id'],
  },
  github: {
    authorizeUrl: 'https://github.com/login/oauth/authorize',
    tokenUrl: 'https://github.com/login/oauth/access_token',
    scopes: ['repo'],
    clientAuth: 'post',
    rotates: true,
    grantErrors: ['bad_verification_code', 'bad_refresh_token'],
  },
  jira: {
    authorizeUrl: 'https://auth.atlassian.com/authorize',
    tokenUrl: 'https://auth.atlassian.com/oauth/token',
    scopes: ['read:jira-work', 'write:jira-work', 'offline_access'],
    clientAuth: 'post',
    body: 'json',
    authorizeParams: { audience: 'api.atlassian.com', prompt: 'consent' },
    rotates: true,
  },
  linear: {
    authorizeUrl: 'https://linear.app/oauth/authorize',
    tokenUrl: 'https://api.linear.app/oauth/token',
    revokeUrl: 'https://api.linear.app/oauth/revoke',
    scopes: ['read', 'write'],
    scopeSeparator: ',',
    clientAuth: 'post',
    rotates: true,
  },
  hubspot: {
    authorizeUrl: 'https://app.hubspot.com/oauth/authorize',
    tokenUrl: 'https://api.hubapi.com/oauth/2026-03/token',
    revokeUrl: 'https://api.hubapi.com/oauth/2026-03/revoke',
    scopes: ['crm.objects.contacts.read', 'crm.objects.contacts.write'],
    clientAuth: 'post',
    keeps: ['hub_id'],
  },
  salesforce: {
    authorizeUrl: 'https://{domain}/services/oauth2/authorize',
    tokenUrl: 'https://{domain}/services/oauth2/token',
    revokeUrl: 'https://{domain}/services/oauth2/revoke',
    scopes: ['api', 'refresh_token'],
    clientAuth: 'post',
    keeps: ['instance_url'],
  },
  airtable: {
    authorizeUrl: 'https://airtable.com/oauth2/v1/authorize',
    tokenUrl: 'https://airtable.com/oauth2/v1/token',
    scopes: ['data.records:read', 'data.records:write', 'schema.bases:read'],
    clientAuth: 'basic',
    rotates: true,
  },
} as const satisfies Record<string, OAuthProvider>;

export type OAuthProviderName = keyof typeof oauthProviders;

/** The names of the services, for the schema of connections. */
export const PROVIDER_NAMES = Object.keys(oauthProviders) as [OAuthProviderName, ...OAuthProviderName[]];
