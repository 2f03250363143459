/**
 * What is made once for an object and then shared, as long as that object lives.
 */

/** A function that makes its result once for each object. */
export const perObject = <K extends WeakKey, V>(make: (key: K) => V): ((key: K) => V) => {
  const made = new WeakMap<K, V>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const value = make(key)
    made.set(key, value)
    return value
  }
}
