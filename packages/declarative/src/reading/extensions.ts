/**
 * What Linefinder reads beyond Ringotel's format, once, for the reader, the schema and the page about the format. In strict reading each is
 * refused.
 */
export const extensions = {
  property_object: {
    title: 'A property written as an object', where: 'properties',
    meaning: '`{"name": "API key", "secret": true, "personal": true, "required": false, "label": "…", "help": "…"}` instead of the name alone.',
  },
  parameter_type: {
    title: 'This type', where: 'parameters',
    meaning: '`RFC3339` writes a time as `2024-09-10T15:00:00.000Z`.',
  },
  further_parameter: {
    title: 'This parameter', where: 'parameters',
    meaning: 'Parameters beyond the list: see the table of parameters.',
  },
  further_method: {
    title: 'This method', where: 'api',
    meaning: '`CurrentUser` names the user whose credentials are used, `GetActivity` reads an activity, `FindActivity` finds one by `$external_id$`.',
  },
  query: {
    title: '"query"', where: 'a method',
    meaning: 'An object for the address line of a request that has a body.',
  },
  request_headers: {
    title: '"request_headers"', where: 'a method',
    meaning: 'Headers by name.',
  },
  request_page: {
    title: '"request_page"', where: 'Users, Contacts, Organizations, SearchContacts',
    meaning: 'More pages than one: `{"param": "page", "start": 1, "step": 1, "stop": "empty"}` counts; `{"param": "cursor", "next": "next_page"}` sends what the answer before it mapped to `$next_page$`.',
  },
  hit: {
    title: '"hit"', where: 'a method that gives records',
    meaning: 'An expression: a record counts only where it is true of what was mapped.',
  },
  spellings: {
    title: '"spellings"', where: 'FindContact',
    meaning: 'How many ways to write the number are tried, 1 to 10. Default 1.',
  },
  allow_quotes: {
    title: '"allow_quotes"', where: 'a method',
    meaning: '`true`: the CRM treats `\'` and `\\` in a value between quotes as the value’s own, so such values are sent.',
  },
  clears: {
    title: '"clears"', where: 'a method',
    meaning: '`true`: what an agent took away is sent as null, or as an empty text. Otherwise it is left out.',
  },
  file_body: {
    title: 'A recording as the whole body', where: 'UploadFile',
    meaning: '`"request_parameters": "$file$"`: the body is the recording, with its own content type.',
  },
  credential_hosts: {
    title: '"credential_hosts"', where: 'the document',
    meaning: 'Other hosts of the CRM that get the credentials too, such as `["id.example.com"]`. Without it only that of "resource_url" does.',
  },
  traits: {
    title: '"traits"', where: 'the document',
    meaning: 'What the CRM is like: `phone_search`, `body_details`, `body_max_length`, `commit_lag_ms`, `contact_lag_ms`.',
  },
  auth_type: {
    title: 'This kind of authentication', where: 'auth',
    meaning: '`{"type": "Header", "name": "X-Key", "value": "$API key$"}`, `{"type": "Query", "name": "key", "value": "$API key$"}` and `{"type": "None"}`.',
  },
  pkce: {
    title: '"pkce"', where: 'OAuth2',
    meaning: '`false` for a CRM that refuses RFC 7636. Default true.',
  },
  revocation_endpoint: {
    title: '"revocation_endpoint"', where: 'OAuth2',
    meaning: 'Where tokens are given back when a connection ends (RFC 7009).',
  },
  client_authentication: {
    title: '"client_authentication"', where: 'OAuth2',
    meaning: '`client_secret_post` (default), `client_secret_basic`, or `none` for a client without a secret.',
  },
  own_client: {
    title: 'OAuth2 without "client_id"', where: 'OAuth2',
    meaning: 'The installation’s own OAuth client is used.',
  },
  app_connect_oauth: {
    title: 'Where OAuth begins', where: 'auth of an App Connect document',
    meaning: '`authUrl` and `scope`, which an App Connect client has in its manifest.',
  },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly where: string; readonly meaning: string }>>

export type Extension = keyof typeof extensions
