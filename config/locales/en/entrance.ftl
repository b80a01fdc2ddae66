### What needs no account: start page, sign-in, registration, receipt.

## Start page

start-title = Welcome to Stammtisch
start-intro = This is where staff of municipalities who work with our software talk to each other.
start-uses = What you can do here
start-uses-find = find people in other towns, districts and municipalities who face the same tasks
start-uses-talk = talk to them, in pairs or in a group
start-uses-ask = ask the operator and read the answers again
start-promise = Our promise
start-promise-change = You can change or delete your profile at any time.
start-promise-gone = What you delete is removed from the portal after at most 24 hours.
start-promise-held = The only exception is what the law requires to be kept, or what is still needed in an individual case, such as an open claim. It stays restricted, and is erased as soon as the reason ends.
start-promise-check = When you delete your account you are given a code. With it you can check what has been erased, without saying who you are.
start-privacy = How the portal treats your data
start-setup = Setting up the portal
start-setup-intro = Nobody administers this portal yet. Make the first administrator on the server, with this command:
start-setup-after = The command shows a link that sets the password. As soon as the account exists, this note disappears.

start-hello = Hello, { $name }
start-conversations =
    { $count ->
        [0] No unread messages
        [100] There are unread messages in 100 or more conversations.
        [one] There are unread messages in one conversation.
       *[other] There are unread messages in { $count } conversations.
    }
start-members = Find other members and write to them
start-enquiries =
    { $count ->
        [0] Questions to the operator, and the answers
        [one] One of your enquiries was answered in the last 14 days.
       *[other] { $count } of your enquiries were answered in the last 14 days.
    }
start-profile = Your master data, and what others see of it
start-account = E-mail address, password, sessions and deletion
start-desk-administrator = Registrations, accounts, holds and enquiries
start-desk-data-protection-officer = Holds, deletions and the audit trail
start-desk-moderator = Reported messages

## Sign-in

sign-in-title = Sign in
sign-in-button = Sign in
sign-in-forgotten = Forgotten your password
sign-in-register = Register
sign-in-delete = Delete an account without signing in
sign-in-receipt = Check a receipt of erasure
sign-in-carried = Your session had ended when you sent the form. What you typed is not lost: sign in and go on with it.
sign-in-pending = You get an e-mail as soon as it is decided. Until then you can withdraw your registration by the link in our last e-mail.
sign-in-rejected = The reason is in the e-mail that you were sent. Your data is erased without your doing anything; if you do not want to wait for that, delete your account yourself.
sign-in-suspended = You can delete your account even while it is suspended.
sign-in-deleted = The link and the code are in the e-mail about the deletion. With the code you see what has been erased already.

done-signed-out = You are signed out.

## The second step of signing in

second-step-title = Second factor
second-step-intro = Your password is right. For this account the portal asks for a code as well.
second-step-lost = If you have neither your app nor a recovery code, please turn to the operator.
second-step-button = Sign in
second-step-back = Back to the sign-in

## Registration

register-title = Register
register-intro = When you have sent this form, you get an e-mail with a link. By that link you confirm your address and choose your password.
register-data = We need your data to decide on your registration, and to show you to other members with your name and organisation. If you do not confirm the address, it is erased after { $hours } hours; if your registration is not decided, after { $days } days.
hint-register-email = Your address at work is best: it shows where you work.
register-message = Message to the administrators
register-message-hint = For example, who invited you. Only those who decide on the registration read this.
register-terms = I agree to the terms of use, version { $version }.
register-terms-read = Read the terms of use
register-button = Send registration
register-privacy = How the portal treats your data
register-sign-in = I have an account already: sign in
register-sent-title = Please look into your mailbox
register-sent-mail = We have sent you an e-mail with the subject “{ $subject }”. The link in it is good for 24 hours.
register-sent-known = If your address belongs to an account already, the e-mail says that instead.
register-sent-nothing = If nothing has come after a quarter of an hour, please look into the spam folder, and check that the address was spelt correctly. You can register again at any time.
register-again = Register again

## Forgotten password

forgotten-title = Forgotten your password
forgotten-intro = Tell us the e-mail address of your account. You then get a link by which you choose a new password.
forgotten-button = Ask for a link
forgotten-sign-in = To the sign-in
forgotten-sent-title = Please look into your mailbox
forgotten-sent-mail = If this address has an account, an e-mail with the subject “{ $subject }” is on its way. The link in it is good for one hour.
forgotten-sent-nothing = If nothing has come after a quarter of an hour, please look into the spam folder. Whoever has not confirmed their registration has no password yet; please register again.
forgotten-again = Ask for another link

## Receipt

receipt-title = Receipt of erasure
receipt-intro = With the code from the e-mail about the deletion you see what has been erased and what is still kept. Nothing but the code is needed. It is good until twelve months after the erasure.
receipt-code-hint = 43 characters. Capital and small letters are different.
receipt-button = Check the receipt
receipt-pending = The deletion has been requested and is not complete yet.
receipt-held = Everything has been erased but what is still kept.
receipt-erased = Everything has been erased.
receipt-portal = Portal
receipt-asked-at = Asked on
receipt-erase-by = Time limit of the erasure
receipt-erased-at = Erased on
receipt-kept = What is still kept
receipt-kept-later = What will still be kept after that
receipt-kept-intro = This data is restricted: nobody on the portal can see it. As soon as the reason ends, it is erased without your doing anything.
receipt-basis = Reason
receipt-until = At the longest until { $until }
receipt-until-released = Until the reason ends; when that is, is not known yet.
receipt-by-law = Something is kept by law. We may not say more about it.
receipt-another = Check another code

## Deleting without signing in

delete-account-title = Delete account
delete-account-intro = Here you delete your account without signing in: also while it is suspended, or while your registration has not been decided.
delete-account-effect = Your account is then locked at once, and others no longer see it. You get an e-mail with a link by which you can undo the deletion for a short time. After that your data is erased, within 24 hours at the latest.
delete-account-held = The only exception is what the law requires to be kept, or what is still needed in an individual case, such as an open claim.
delete-account-button = Delete account
delete-account-cancel = Keep account
