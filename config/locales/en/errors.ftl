### Errors.

## Errors: titles

problem-bad-request = The request could not be understood.
problem-not-json = The request is not valid JSON.
problem-not-signed-in = Please sign in.
problem-credentials-invalid = The e-mail address or the password is not right.
problem-forbidden = You are not allowed to do this.
problem-cross-site = The request does not come from this portal, so it was not carried out.
problem-registration-pending = Your registration has not been decided yet.
problem-registration-rejected = Your registration was declined.
problem-account-suspended = Your account is suspended. Please contact the operator.
problem-account-deleted = Your account is being deleted. While the undo period lasts, the link in the e-mail undoes it.
problem-own-account = This can't be done to your own account.
problem-not-found = There is nothing here, or nothing that you may see.
problem-method-not-allowed = This method does not exist here.
problem-not-pending = This registration is not waiting for a decision.
problem-not-waiting = The registration has been decided; it can no longer be withdrawn.
problem-wrong-status = This is not possible in the account's present state.
problem-being-deleted = This account is being deleted.
problem-already-erased = This data has already been erased.
problem-undo-impossible = The erasure has begun and can no longer be undone.
problem-last-administrator = This is the last account with administrator rights. Please give them to somebody else first.
problem-second-person-missing = This takes a second administrator.
problem-hold-ended = This hold has already ended.
problem-no-release-waiting = No release of this hold is waiting.
problem-address-taken = This e-mail address belongs to another account by now.
problem-nobody-left = Everyone else has left the portal; nobody would read the message.
problem-already-answered = This enquiry has already been answered.
problem-link-invalid = This link is invalid, has expired or has been used already.
problem-precondition-failed = The data was changed in the meantime. Please load it again.
problem-too-large = The request is too large.
problem-unsupported-media-type = This type of content is not accepted here.
problem-invalid-input = Some entries need another look.
problem-idempotency-key-reused = This key was used for another message.
problem-internal = Sorry, this did not work; the fault is ours.
problem-not-reconciled = The portal has been restored from a backup and is being checked. Please try again later.
problem-busy = There is a lot going on right now. Please try again in a moment.
problem-timed-out = This took too long. Please try again.
problem-unavailable = The portal is not available right now. Please try again in a few minutes.

## Errors: single entries

field-control-character = Please remove invisible control characters and line breaks that don't belong here.
field-cursor-invalid = This cursor is not valid. Please start the list from the beginning.
field-date-invalid = Please enter a day, for example 31.12.2027.
field-domain-invalid = This is not a valid domain name, such as “example.org”.
field-duplicate = This entry is already taken.
field-email-invalid = This is not a valid e-mail address.
field-email-unchanged = This is already your e-mail address.
field-in-the-past = This point in time is in the past.
field-must-be-disclosed = On this legal basis the person has to be told what the hold rests on.
field-named-twice = “{ $limit }” is there twice.
field-no-domain = “{ $limit }” is not a valid domain name. An example: stadt-musterhausen.de
field-oneself = You can't name yourself here.
field-out-of-range = Allowed: { $limit }.
field-password-personal = The password must not be made of your name, your organisation, your e-mail address or the portal's name.
field-password-too-common = This password is too easy to guess. Several words that have nothing to do with each other are a good choice.
field-password-wrong = The password is not right.
field-phone-invalid = Please enter the phone number with digits and no characters other than + ( ) / - .
field-read-only = This entry is fixed and can't be changed here.
field-repeated-field = This entry may occur only once.
field-required = This entry is missing.
field-terms-not-accepted = Please accept the terms of use in version { $limit }.
field-token-invalid = This link is incomplete or was copied wrongly.
field-too-far = This point in time is too far in the future.
field-too-long = At most { $limit } characters are possible.
field-too-many = At most { $limit } entries are possible.
field-too-short = At least { $limit } characters are needed.
field-unknown-basis = There is no such legal basis. Possible are: { $limit }.
field-unknown-category = There is no such category of data. Possible are: { $limit }.
field-unknown-code = There is no deletion under this code. Perhaps a character is missing; or the deletion was undone, or it is more than twelve months ago.
field-unknown-field = This entry is not expected here.
field-unknown-member = At least one of these people is not a member or does not want to be found.
field-unknown-message = There is no such message in the conversation.
field-unknown-value = This value is not expected here.
field-wrong-type = This entry has the wrong form.
