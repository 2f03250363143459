/**
 * Kits for the tests of those who write a part of their own, whatever runs these tests.
 *
 * @since 0.1.0
 */
export * as StorageLaws from "./StorageLaws.ts"
