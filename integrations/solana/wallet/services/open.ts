import type { Caller } from '../../chain/json-rpc.ts';
import { awsKms } from './aws-kms.ts';
import { credentialsOf, type Signer } from './fields.ts';
import { gcpKms } from './gcp-kms.ts';
import type { RemoteKey } from './remote-key.ts';
import { vaultTransit } from './vault.ts';

/** The key that a service keeps; null: it is kept here. */
export function openRemote(ctx: Caller, signer: Signer, credentials: unknown): RemoteKey | null {
  switch (signer.type) {
    case 'keypair':
      return null;
    case 'aws-kms':
      return awsKms(ctx, signer, credentialsOf['aws-kms'].parse(credentials));
    case 'gcp-kms':
      return gcpKms(ctx, signer, credentialsOf['gcp-kms'].parse(credentials));
    case 'vault':
      return vaultTransit(ctx, signer, credentialsOf.vault.parse(credentials));
  }
}
