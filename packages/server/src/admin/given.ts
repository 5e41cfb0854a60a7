type Given<Body> = { [Name in keyof Body]?: Exclude<Body[Name], undefined> }

/** The members of a PATCH body that were sent. What was left out stays as it is; `null` was sent. */
export const given = <Body extends object>(body: Body): Given<Body> =>
  // Only members whose value is undefined are gone.
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as Given<Body>
