import { StoreError } from './error.ts';
import type { Store } from './store.ts';

/**
 * A document at the base of a store, whole, or undefined when the store has none of that name.
 *
 * @param limit the most bytes it may have
 * @throws StoreError those of `Store.readDocument` but `STORE_DOCUMENT_MISSING`
 */
export async function findDocument(
  store: Pick<Store, 'readDocument'>,
  name: string,
  limit: number,
): Promise<Uint8Array | undefined> {
  try {
    return await store.readDocument(name, limit);
  } catch (error) {
    if (error instanceof StoreError && error.code === 'STORE_DOCUMENT_MISSING') return undefined;
    throw error;
  }
}
