// The part of the reflect-metadata proposal that tsyringe, under @peculiar/x509, asks for. Import it before x509.

const known = new WeakMap<object, Map<unknown, unknown>>();

Object.assign(Reflect, {
  defineMetadata(key: unknown, value: unknown, target: object): void {
    let own = known.get(target);
    if (own === undefined) known.set(target, own = new Map());
    own.set(key, value);
  },
  getOwnMetadata: (key: unknown, target: object): unknown => known.get(target)?.get(key),
  getMetadata(key: unknown, target: object): unknown {
    for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at)) {
      if (known.get(at)?.has(key)) return known.get(at)!.get(key);
    }
    return undefined;
  },
});
