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
