### Mails.

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

mail-new-device-subject = Sign-in on a new device
mail-new-device-intro = On { $at } somebody signed in to the portal { -portal } with your password, on a device or in a browser that the portal does not know yet.
mail-new-device-own = If that was you, there is nothing to do. This message also comes if your browser has deleted its cookies, or if the password was changed since you last signed in there.
mail-new-device-stranger = If it was not you, somebody knows your password. Please choose a new one at once; that ends all sessions:

mail-password-changed-subject = Your password was changed
mail-password-changed-intro = On { $at } the password of your account on the portal { -portal } was changed. Earlier sessions have ended.
mail-password-changed-own = If that was you, there is nothing to do.
mail-password-changed-stranger = If it was not you, please choose a new password at once. Check as well whether somebody has access to your mailbox:

mail-factor-totp-added-subject = Authenticator app set up
mail-factor-totp-added-intro = on { $at } an authenticator app was set up for your account on the portal { -portal }. Since then the portal asks for its code, too, when you sign in.
mail-factor-totp-removed-subject = Authenticator app removed
mail-factor-totp-removed-intro = on { $at } the authenticator app was removed from your account on the portal { -portal }.
mail-factor-passkey-added-subject = Passkey set up
mail-factor-passkey-added-intro = on { $at } a passkey was set up for your account on the portal { -portal }. With it one can sign in without a password.
mail-factor-passkey-removed-subject = Passkey removed
mail-factor-passkey-removed-intro = on { $at } a passkey was removed from your account on the portal { -portal }.
mail-factor-recovery-codes-made-subject = New recovery codes
mail-factor-recovery-codes-made-intro = on { $at } new recovery codes were made for your account on the portal { -portal }. Earlier ones are not good any more.
mail-factor-recovery-code-used-subject = Recovery code used
mail-factor-recovery-code-used-intro = on { $at } one of your recovery codes was used on the portal { -portal }. It is not good any more.
mail-factor-lost-removed-subject = Second factors removed
mail-factor-lost-removed-intro = on { $at } all second factors of your account on the portal { -portal } were removed, because they had been reported as lost. All sessions have ended; your password alone lets you in again.
mail-factor-removal-stopped-subject = Second factors stay
mail-factor-removal-stopped-intro = on { $at } the removal of your second factors on the portal { -portal } was called off. They stay as they are.
mail-factor-own = If this was you, or you know of it, there is nothing you need to do.
mail-factor-stranger = If not, somebody has access to your account. Please change your password at once, end all other sessions, and see here what is set up:

mail-factor-removal-requested-subject = Your second factors will be removed
mail-factor-removal-requested-intro = the administrators of the portal { -portal } were asked to remove all second factors of your account, because they were lost. This happens on { $due_at }.
mail-factor-removal-requested-own = If you asked for it, there is nothing you need to do: after that your password alone lets you in, and you can set up a new second factor.
mail-factor-removal-requested-stop = If you did not ask for it, please sign in with one of your second factors: a code, a passkey or a recovery code. With that the removal is called off:

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

mail-enquiry-waiting-subject = An enquiry is waiting for your answer
mail-enquiry-waiting-intro = On the portal { -portal } there is something new in an enquiry that is assigned to you. Please sign in to read and answer it:

mail-message-removed-subject = One of your messages was removed
mail-message-removed-intro = After a report, the operator has removed your message of { $sent_at } from the portal { -portal }. The reason given is:
mail-message-removed-objection = If you do not agree, please send the operator an enquiry within six months. Whatever you do, you can also go to court.

mail-account-suspended-subject = Your account was suspended
mail-account-suspended-intro = After a report, the operator has suspended your account on the portal { -portal }. You can no longer sign in, but you can still delete your account. The reason given is:
mail-account-suspended-objection = If you do not agree, please write to the operator within six months; the imprint says how. Whatever you do, you can also go to court.

mail-registrations-waiting-subject = Registrations are waiting for a decision
mail-registrations-waiting-intro =
    { $count ->
        [one] One registration on the portal { -portal } has been waiting for a decision for at least 30 days.
       *[other] { $count } registrations on the portal { -portal } have been waiting for a decision for at least 30 days.
    }
mail-registrations-waiting-limit = What has not been decided after 90 days is erased. Please sign in to decide:

## Mails: new messages

mail-unsubscribe = If you want no more e-mails about new messages, this link is enough, without signing in:
mail-new-message-subject = You have a new message
mail-new-message-intro = On the portal { -portal } a new message is waiting for you in a conversation. Please sign in to read it:
mail-new-message-once = We will not write to you about this conversation again until you have read there.
mail-new-messages-subject = You have new messages
mail-new-messages-intro =
    { $count ->
        [one] On the portal { -portal } there are new messages for you in one conversation. Please sign in to read them:
       *[other] On the portal { -portal } there are new messages for you in { $count } conversations. Please sign in to read them:
    }

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
