### What stands around every page, and what forms say.

layout-skip = Skip to content
layout-menu = Main menu
layout-other-language = Deutsch
layout-sign-out = Sign out
layout-footer = Legal matters
layout-receipt = Check a receipt of erasure
layout-privacy = Privacy
layout-terms = Terms of use
layout-accessibility = Accessibility
layout-imprint = Imprint
layout-look-over = The portal was restored from a backup that is older than your last changes. This may also concern whom you blocked.
layout-look-over-link = Please look your profile over and save it.
layout-look-over-notifications = Before that, check which mails you have chosen; until then you get none about messages.

menu-sign-in = Sign in
menu-register = Register
menu-desk = Administration
menu-conversations = Conversations
menu-members = Members
menu-enquiries = Enquiries
menu-profile = Profile
menu-account = Account

form-error = Error
form-summary = Please have another look
form-optional = (optional)

failure-not-found = Perhaps the page was moved, or the address is not complete.
failure-home = To the start page
failure-second-factor = Set up a second factor
failure-request = If this happens more often, please tell the operator this reference: { $id }
again-in = Please try again in { $wait }.

resume-title = You are signed in again
resume-intro = What you typed is still there. Passwords have to be typed again.
resume-button = Go on with what I typed

proved-title = Thank you, you are confirmed
proved-intro = What you were about to do has not been done yet. What you typed is still there.
proved-button = Back to what I typed

label-email = E-mail address
label-password = Password
label-code = Code
hint-code = Six digits from your authenticator app, or one of your recovery codes.
hint-code-recovery = One of your recovery codes.
label-new-password = New password
hint-new-password = At least { $min } and at most { $max } characters, spaces included. Several words that have nothing to do with each other are good.

pager = Pages of the list
pager-first = To the beginning of the list
pager-next = More entries

label-subject = Subject
label-first-name = First name
label-last-name = Last name
label-organisation = Organisation
label-department = Department
label-receipt-code = Code of the receipt
label-position = Position
label-phone = Phone
label-about = About me
