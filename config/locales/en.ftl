### Every text that people read: pages, mails and errors.
### The same keys as in de.ftl; a test compares both files.

-portal = Stammtisch

## Instants

instant = { $day } { $month } { $year }, { $hour12 }:{ $minute } { $half } (Berlin time)
instant-month-1 = January
instant-month-2 = February
instant-month-3 = March
instant-month-4 = April
instant-month-5 = May
instant-month-6 = June
instant-month-7 = July
instant-month-8 = August
instant-month-9 = September
instant-month-10 = October
instant-month-11 = November
instant-month-12 = December

## Lengths of time

length-seconds =
    { $count ->
        [one] { $count } second
       *[other] { $count } seconds
    }
length-minutes =
    { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
length-hours =
    { $count ->
        [one] { $count } hour
       *[other] { $count } hours
    }
length-days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }
length-months =
    { $count ->
        [one] { $count } month
       *[other] { $count } months
    }
length-years =
    { $count ->
        [one] { $count } year
       *[other] { $count } years
    }

## Mails: the frame of every letter

mail-greeting = Hello,
mail-sender = This message was sent automatically by the portal { -portal }:
mail-link-24-hours = The link is valid for 24 hours.
mail-link-1-hour = The link is valid for one hour.

## Mails: registration

mail-confirm-registration-subject = Please confirm your registration
mail-confirm-registration-intro = An account on the portal { -portal } was requested with this e-mail address. Please confirm the registration and choose your password:
mail-confirm-registration-stranger = If this wasn't you, there is nothing you need to do: without your confirmation nobody gets access, and the details are erased after 72 hours.

mail-already-registered-subject = You already have an account
mail-already-registered-intro = Someone tried to register on the portal { -portal } with this e-mail address. It already has an account. You can sign in here and, if you need to, reset your password:
mail-already-registered-stranger = If this wasn't you, there is nothing you need to do: nothing about your account has changed.

mail-deletion-under-way-subject = Your account is being deleted
mail-deletion-under-way-intro = Someone tried to register on the portal { -portal } with this e-mail address. The account that it has belonged to is being deleted.
mail-deletion-under-way-undo = If you want to keep that account, please undo the deletion by { $undo_until }. You will find the link in our message about the deletion.
mail-deletion-under-way-again = If you want a new account, please register again after that:
mail-deletion-under-way-stranger = If this wasn't you, there is nothing you need to do.

mail-registration-pending-subject = Your registration is being reviewed
mail-registration-pending-intro = You have confirmed your registration on the portal { -portal }. An administrator will now decide on it; we will tell you the result by e-mail.
mail-registration-pending-limit = If there is no decision within 90 days, your details are erased.
mail-registration-pending-withdraw = As long as there is no decision, you can withdraw your registration with this link. Your details are then erased; this cannot be undone.

mail-registration-approved-subject = Your account is ready
mail-registration-approved-intro = Your registration on the portal { -portal } has been approved. You can now sign in with your e-mail address and your password:

mail-registration-rejected-subject = Your registration was declined
mail-registration-rejected-intro = Your registration on the portal { -portal } was not approved. The reason given is:
mail-registration-rejected-limit = Your details are erased after 30 days.

## Mails: sign-in and e-mail address

mail-password-reset-subject = Choose a new password
mail-password-reset-intro = A new password was requested for your account on the portal { -portal }. You can choose it here:
mail-password-reset-stranger = If this wasn't you, there is nothing you need to do: your present password stays valid.

mail-email-change-confirm-subject = Please confirm your new e-mail address
mail-email-change-confirm-intro = This e-mail address is to be used for an account on the portal { -portal }. Please confirm the change:
mail-email-change-confirm-stranger = If this wasn't you, there is nothing you need to do: without your confirmation nothing changes.

mail-email-change-announced-subject = Your e-mail address is to be changed
mail-email-change-announced-intro = A new e-mail address was entered for your account on the portal { -portal }. Once it is confirmed, it replaces this one.
mail-email-change-announced-stranger = If this wasn't you, please sign in at once and change your password:

mail-email-change-taken-subject = There is already an account with this e-mail address
mail-email-change-taken-intro = Someone tried to use this e-mail address for another account on the portal { -portal }. It already has an account, so nothing was changed.
mail-email-change-taken-own = If this was you, please sign in with this address, or use a different one for the other account:
mail-email-change-taken-stranger = If this wasn't you, there is nothing you need to do.

## Mails: deletion

mail-deletion-requested-subject = Your account will be deleted
mail-deletion-requested-intro = You have asked for your account on the portal { -portal } to be deleted.
mail-deletion-requested-intro-administrator = An administrator has arranged for your account on the portal { -portal } to be deleted.
mail-deletion-requested-undo = Your account is locked from now on and no longer visible to others. If you want to keep it, you can undo the deletion until { $undo_until }:
mail-deletion-requested-erased = After that your data is erased, by { $erase_by } at the latest. The only exception is data that must be kept by law or is still needed in an individual case, such as an open claim.
mail-deletion-requested-code = With this code you can see on the portal at any time what has been erased and what is still kept. It proves the erasure and is valid until twelve months after it. Please keep it:
mail-deletion-requested-last = You will not receive another message, because your e-mail address is erased as well.
mail-deletion-requested-stranger = If this wasn't you, please undo the deletion and then change your password.

mail-deletion-restored-subject = New link: undoing the deletion of your account
mail-deletion-restored-intro = The deletion of your account on the portal { -portal } has been requested. For technical reasons the link in our earlier message no longer works. Your request stands as it was.
mail-deletion-restored-undo = If you want to keep your account, you can undo the deletion until { $undo_until } with this link:
mail-deletion-restored-erased = After that your data is erased, by { $erase_by } at the latest. The only exception is data that must be kept by law or is still needed in an individual case, such as an open claim.
mail-deletion-restored-code = The code in our earlier message stays valid. Please keep it.

## Mails: operation

mail-administrator-invited-subject = Your access to the administration
mail-administrator-invited-intro = An account to administer the portal { -portal } was created for you. Please choose your password:
mail-administrator-invited-stranger = If you did not expect this message, there is nothing you need to do: without a password nobody can sign in to this account.

mail-enquiry-answered-subject = Your enquiry has been answered
mail-enquiry-answered-intro = There is an answer to your enquiry on the portal { -portal }. Please sign in to read it:

mail-registrations-waiting-subject = Registrations are waiting for a decision
mail-registrations-waiting-intro =
    { $count ->
        [one] One registration on the portal { -portal } has been waiting for a decision for at least 30 days.
       *[other] { $count } registrations on the portal { -portal } have been waiting for a decision for at least 30 days.
    }
mail-registrations-waiting-limit = What has not been decided after 90 days is erased. Please sign in to decide:

## Mails: alerts to administrators

mail-alert-since = Since: { $since }.
mail-alert-doctor = On the portal's server, this command shows how things stand:
mail-alert-again = As long as this lasts, you will receive one message about it a day.

mail-alert-erasure-late-subject = Erasures are late
mail-alert-erasure-late-intro =
    { $count ->
        [one] On the portal { -portal } one account that is due for erasure has come within four hours of its deadline of 24 hours, or is past it.
       *[other] On the portal { -portal } { $count } accounts that are due for erasure have come within four hours of their deadline of 24 hours, or are past it.
    }
mail-alert-erasure-late-act = Please see to it at once that the erasure job runs and ends without errors; the log names the accounts by their ids. What is past its deadline is recorded in the erasure ledger as a breach and must be documented.

mail-alert-erasure-failing-subject = Accounts cannot be erased
mail-alert-erasure-failing-intro =
    { $count ->
        [one] On the portal { -portal } one account that is due could not be erased. The portal keeps trying, at least every 30 minutes.
       *[other] On the portal { -portal } { $count } accounts that are due could not be erased. The portal keeps trying, at least every 30 minutes.
    }
mail-alert-erasure-failing-act = Please find the cause in the log, which names the accounts by their ids, and remove it before the deadline of 24 hours ends.

mail-alert-no-sweep-subject = No erasure job has ended well for an hour
mail-alert-no-sweep-intro = On the portal { -portal } no erasure job has ended well for at least an hour. Accounts that are due are not being erased.
mail-alert-no-sweep-act = Please check whether the portal or your scheduler runs the erasure job, and what the log says about it.

mail-alert-ledger-unwritable-subject = The erasure ledger cannot be written
mail-alert-ledger-unwritable-intro = On the portal { -portal } the erasure ledger cannot be written. Until it can, nothing is erased.
mail-alert-ledger-unwritable-act = Please check whether the ledger's directory can be reached and written to, and whether there is room on its file system.

mail-alert-review-missed-subject = Holds have not been reviewed
mail-alert-review-missed-intro =
    { $count ->
        [one] On the portal { -portal } the date of review of one hold has passed. Its data is still kept.
       *[other] On the portal { -portal } the dates of review of { $count } holds have passed. Their data is still kept.
    }
mail-alert-review-missed-act = Please check in the administration whether the reason still exists: name a new date of review, or release the hold.

mail-alert-clock-subject = The clock cannot be trusted
mail-alert-clock-intro = On the portal { -portal } the clocks of portal and database disagree, or there was no erasure job for more than seven days. As long as that is not settled, no hold expires; and nothing is erased while the clocks are apart.
mail-alert-clock-act = Please check the clocks of both servers. If they are right and holds still do not expire, confirm it with “stammtisch doctor --accept-clock”.

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
field-domain-invalid = This is not a valid domain name, such as “example.org”.
field-duplicate = This entry is already taken.
field-email-invalid = This is not a valid e-mail address.
field-email-unchanged = This is already your e-mail address.
field-in-the-past = This point in time is in the past.
field-must-be-disclosed = On this legal basis the person has to be told what the hold rests on.
field-oneself = You can't name yourself here.
field-out-of-range = Allowed: { $limit }.
field-password-personal = The password must not be made of your name, your organisation, your e-mail address or the portal's name.
field-password-too-common = This password is too easy to guess. Several words that have nothing to do with each other are a good choice.
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
field-unknown-field = This entry is not expected here.
field-unknown-member = At least one of these people is not a member or does not want to be found.
field-unknown-message = There is no such message in the conversation.
field-unknown-value = This value is not expected here.
field-wrong-type = This entry has the wrong form.

## Pages that the links in mails lead to

page-portal = { -portal }
page-error = Error
page-failed-title = This did not work
page-password-label = New password
page-password-hint = At least { $min } and at most { $max } characters, spaces included. Several words that have nothing to do with each other are a good choice.

page-confirm-title = Confirm your registration
page-confirm-intro = Please choose a password. With it you confirm your e-mail address and your registration on the portal { -portal }.
page-confirm-button = Confirm registration
page-confirm-done-title = Registration confirmed
page-confirm-done = Your account is ready. You can now sign in with your e-mail address and your password.
page-confirm-pending = An administrator will now decide on your registration. We will tell you the result by e-mail.

page-withdraw-title = Withdraw your registration
page-withdraw-intro = If you withdraw your registration, your details are erased. This cannot be undone.
page-withdraw-button = Withdraw registration
page-withdraw-done-title = Registration withdrawn
page-withdraw-done = Your details are being erased. There is nothing else you need to do.

page-reset-title = Choose a new password
page-reset-intro = Please choose a new password. You will be signed out everywhere.
page-reset-button = Set password
page-reset-done-title = Password set
page-reset-done = You can now sign in with the new password.

page-email-change-title = Confirm your new e-mail address
page-email-change-intro = Once confirmed, this e-mail address belongs to your account on the portal { -portal } and replaces the present one.
page-email-change-button = Confirm e-mail address
page-email-change-done-title = E-mail address changed
page-email-change-done = Please sign in with the new e-mail address from now on.

page-undo-title = Undo the deletion
page-undo-intro = If you undo the deletion, your account is kept, and you can sign in again if you could before.
page-undo-button = Keep my account
page-undo-done-title = Deletion undone
page-undo-done = Your account is kept, and nothing was erased. If it wasn't you who asked for the deletion, please change your password.
