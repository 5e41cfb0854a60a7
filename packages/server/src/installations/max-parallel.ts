const defaultParallel = 4

/** Deliveries over each connection at the same time, for whoever delivers; checked when the settings were written. */
export const maxParallelOf = (settings: Readonly<Record<string, unknown>>): number =>
  typeof settings['maxParallelDeliveries'] === 'number' ? settings['maxParallelDeliveries'] : defaultParallel
