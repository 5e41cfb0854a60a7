import type { PhoneFailure } from '@linefinder/core/phone'

/** Why a value stays as it is. */
export type Reason = PhoneFailure | keyof typeof ownReasons

const ownReasons = {
  wrong_length: 'no number of that country has so many digits',
  only_possible: 'nobody has such a number in use, as far as is known; --accept-possible writes it all the same',
  has_extension: 'the form has no place for its extension; --extension-column moves it there',
  extension_taken: 'another extension stands in the column for it',
  not_reversible: 'written in this form it would be read as another number',
  wrong_field_count: 'the row has more or fewer fields than the header',
  invalid_json: 'the line is no JSON',
  not_an_object: 'the line is JSON, but no object',
  not_text: 'the value is neither text nor a whole number',
} as const

/** In words, for a person. */
export const reasonWords: Readonly<Record<Reason, string>> = {
  no_digits: 'there is no digit in it',
  too_short: 'too few digits for any number',
  too_long: 'too many digits for any number',
  unknown_country: 'the country does not exist',
  no_country: 'it names no country; --country does',
  not_a_number: 'it is no telephone number',
  withheld: 'it says that the caller withholds the number',
  internal: 'an internal number: it means nothing outside',
  several_numbers: 'it holds several numbers',
  ...ownReasons,
}
