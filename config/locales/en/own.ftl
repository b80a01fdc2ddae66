### One's own profile and account.

## Profile

profile-title = Your profile
profile-intro = Other members see your name, and what you show them here.
profile-to-preview = See your profile as others see it
profile-display-name-hint = Shown in lists and conversations. Your first and last name stay visible on your profile page.
profile-organisation-decided = Your organisation is settled by your e-mail address or by the administration. If it is wrong, please send the operator an enquiry.
profile-listed-hint = Without this, others find you neither in the directory nor by searching. Your name stays visible in conversations.
profile-save = Save profile
profile-was-changed = Your profile was changed elsewhere in the meantime. What you typed is still below but is not saved. If you save it now, it replaces the other change.
profile-stored = See the stored profile and drop what you typed
done-profile-saved = Your profile is saved.

label-display-name = Display name
label-listed = Appear in the directory of members
label-visibility-organisation = Show organisation to other members
label-visibility-department = Show department to other members
label-visibility-position = Show position to other members
label-visibility-phone = Show phone to other members
label-visibility-about = Show “About me” to other members

preview-title = Your profile as others see it
preview-intro = This is how other members see you in the directory.
preview-unlisted = You do not appear in the directory at the moment. If you change that, other members will see you like this:
preview-to-profile = Edit profile

## Account

account-title = Your account
account-own-role = Role
account-since = Account since
account-ways = What you can do here
account-to-email = Change e-mail address
account-to-password = Change password
account-to-second-factor = Set up or change your second factor
account-to-sessions = See and end your sessions
account-to-blocks = See blocked members
account-to-language = Choose the language of e-mails
account-to-notifications = Choose e-mails about messages, and read marks
account-to-export = Download a copy of your data
account-to-delete = Delete account
account-back = Back to your account

label-current-password = Your current password
label-locale = Language of e-mails

## E-mail address

email-change-title = Change e-mail address
email-change-now = Your e-mail address at the moment is { $email }.
email-change-intro = We send a link to the new address. It counts only once you open the link and confirm.
email-change-new = New e-mail address
email-change-button = Change e-mail address
done-email-change-asked = We are writing to both addresses. Please confirm the new one with the link in the e-mail that you get there; until then the present one counts.

## Password

password-change-title = Change password
password-change-intro = With the new password all other sessions end. You stay signed in here.
password-change-button = Change password
done-password-changed = Your password is changed. All other sessions have ended.

## Second factor

second-factor-title = Second factor
second-factor-intro = With a second factor your password alone lets nobody sign in as you: each time the portal asks for a code or a passkey as well.
second-factor-demanded = Since { $day } your role takes a second factor. Please set one up; until then you can do all that a member can.
second-factor-will-be-demanded = From { $day } on your role takes a second factor. You can set it up now.
second-factor-removal = Somebody reported that you lost your second factors. They will be removed on { $at }. If you sign in with one of them before, that does not happen.
second-factor-back = Back to the overview
second-factor-app = Authenticator app
second-factor-app-none = An app on your telephone shows another code every 30 seconds.
second-factor-app-since = Set up on { $at }.
totp-begin = Set up an app
totp-remove = Remove the app
totp-title = Set up an authenticator app
totp-intro = Open an authenticator app and let it read this picture.
totp-picture = QR code for the authenticator app
totp-typed = If your app cannot read a picture, type this key there:
totp-here = The app is on this device: hand the key to it
totp-confirm = Use the app
label-first-code = Code that the app shows now
hint-first-code = Six digits. With it the app is set up.
done-totp-added = The authenticator app is set up.
done-totp-removed = The authenticator app is removed.
recovery-codes-title = Recovery codes
recovery-codes-left =
    { $count ->
        [0] You have no recovery codes left.
        [one] You have one recovery code left.
       *[other] You have { $count } recovery codes left.
    }
recovery-codes-make = Make ten new codes
recovery-codes-intro = When you do not have your second factor at hand, one of these codes lets you in. Each is good once. Earlier codes are not good any more.
recovery-codes-once = You see these codes only now. Print them or put them into your password store, apart from your telephone.
recovery-codes-done = I have put the codes in a safe place

## Sessions

sessions-title = Your sessions
sessions-intro = This is where you are signed in at the moment. End what you do not recognise or no longer need.
sessions-current = This session
sessions-device = Device
sessions-begun = Signed in
sessions-used = Last used
sessions-ends = Ends at the latest
sessions-end = End session
sessions-end-others = End all other sessions
done-session-ended = The session has ended.
done-other-sessions-ended = All other sessions have ended.

device-on = { $browser } on { $system }
device-unknown = Unknown device
device-browser-chrome = Chrome
device-browser-edge = Edge
device-browser-firefox = Firefox
device-browser-opera = Opera
device-browser-safari = Safari
device-browser-samsung = Samsung Internet
device-browser-vivaldi = Vivaldi
device-browser-other = Unknown browser
device-system-android = Android
device-system-chromeos = ChromeOS
device-system-ios = iOS
device-system-linux = Linux
device-system-macos = macOS
device-system-windows = Windows

## Confirming who one is

confirm-identity-title = Please confirm that it is you
confirm-identity-intro = You typed your password more than five minutes ago. So that nobody else acts in your name, please type it once more for this step.
confirm-identity-carried = What you typed is not lost.
confirm-identity-button = Confirm

## Blocked members

blocks-title = Blocked members
blocks-where = You can block a member on their page in the directory, or at a message that they wrote.
blocks-none = You have not blocked anybody.
blocks-since = Blocked since

## Copy of one's data

export-title = A copy of your data
export-intro = You can download everything that the portal has stored about you at any time (Art. 15 and 20 GDPR). The file is in the format JSON, which other programs read as well. It holds:
export-missing = It does not hold data of other people, the hash of your password, or notes of the administration. About the notes the operator informs you on request.
export-button = Download copy
export-file = my-data.json

## Language

language-title = Language of e-mails
language-intro = The portal writes to you in this language. The language of pages is chosen at the top of every page.
language-de = German
language-en = English
language-button = Save language
done-language-set = The language of your e-mails is saved.

## Notifications

notifications-title = E-mails about messages, and read marks
label-message-mail = When do you want to hear of new messages by e-mail?
notifications-mail-hint = The e-mail only says that there is something new, never the text of a message. We do not tell you of what you have read already.
notifications-at-once = At once: one e-mail for a conversation, until you have read it
notifications-daily = Once a day: one e-mail at 7 in the morning (Berlin time) for all conversations
notifications-never = Never
label-share-read = Show others how far you have read
notifications-read-hint = If you do not want this, you do not see it of others either.
notifications-button = Save choice
done-notifications-set = Your choice is saved.

## Deletion

delete-title = Delete account
delete-intro = See here what will be erased before you decide.
delete-goes = What will be erased
delete-count-activity =
    { $count ->
        [one] One session, with open links and e-mails that are not delivered yet
       *[other] { $count } sessions, with open links and e-mails that are not delivered yet
    }
delete-count-credentials =
    { $count ->
        [one] Your password
       *[other] Your { $count } passwords
    }
delete-count-messages =
    { $count ->
        [one] One message that you wrote
       *[other] { $count } messages that you wrote
    }
delete-count-enquiries =
    { $count ->
        [one] One enquiry to the operator, with everything written in it
       *[other] { $count } enquiries to the operator, with everything written in them
    }
delete-count-consents =
    { $count ->
        [one] Your agreement to the terms of use
       *[other] { $count } agreements to the terms of use
    }
delete-count-master-data =
    { $count ->
        [one] Your profile, and what you stated when you registered
       *[other] { $count } profiles, and what was stated at registration
    }
delete-count-contact =
    { $count ->
        [one] Your e-mail address
       *[other] { $count } e-mail addresses
    }
delete-others = What others wrote stays with them. Instead of your name it says “former member” there. A conversation in which nobody is left is erased completely.
delete-stays = What stays for now
delete-stays-intro = Some data is under a hold. Once the account is deleted nobody in the portal sees it any more, administrators included. As soon as the hold ends, it is erased by itself.
delete-kept-by-law = Something is kept by law. We may not say more about it.
delete-held-open = Reason: { $basis }; until the hold is released.
delete-held-until = Reason: { $basis }; until { $until } at the longest.
delete-when = When it happens
delete-access = Access
delete-access-at-once = Ends at once. Other members no longer find or see you.
delete-undo = Undoing
delete-undo-for = For { $length }, with the link in the e-mail that you get.
delete-erased = Finally erased
delete-erased-within = At most { $length } after your request, without your having to do anything more.
delete-form = Delete the account now
delete-copy = There is a copy only while the account exists.
delete-button = Delete account
delete-keep = Keep account

deleted-title = Your account is being deleted
deleted-intro = From now on your account is locked, and nobody else sees it. We have mailed you these details as well; after that we will not write to you any more.
deleted-at = Deletion requested
deleted-undo-until = Can be undone until
deleted-erase-by = Finally erased at the latest
deleted-code = Code of your receipt
deleted-undo = If you change your mind, open the link in the e-mail. Signing in does not undo the deletion.
deleted-undo-over = The deletion can no longer be undone.
deleted-keep = Please keep the code, for example in print. It is shown here only once. With it you can check without signing in whether everything is erased.
deleted-before = The deletion had been requested already. The code of your receipt is in the e-mail about it.
deleted-to-receipt = Check a receipt of erasure
