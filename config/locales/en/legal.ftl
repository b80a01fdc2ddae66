### Imprint, privacy, accessibility, terms of use.

operator-name = Operator
operator-represented-by = Represented by

## Imprint

imprint-title = Imprint
imprint-intro = Information under section 5 of the German Digital Services Act (DDG).
imprint-register = Register entry
imprint-vat-id = VAT identification number

## Privacy

privacy-title = Privacy
privacy-intro = This page says which data the portal { -portal } stores about you, what for, how long, and what you can ask for. What it says of data and periods is the same that the portal erases by.
privacy-controller = Who is responsible
privacy-officer = Data protection officer
privacy-kept = What is stored
privacy-kept-intro = Each kind of data has its purpose, its legal basis and its period.
privacy-purpose = Purpose
privacy-basis = Legal basis
privacy-contents = Contents
privacy-periods = Period, and from when it runs
privacy-period = { $length } from: { $start }
privacy-needed = Membership takes a name, an organisation, an e-mail address and a password. Everything else is optional.
privacy-admission-by-domain = If your e-mail address belongs to a listed organisation, your account is opened by itself once you have confirmed. All other registrations, and every rejection, are decided by people. There are no automated decisions in the sense of Art. 22 GDPR.
privacy-admission-always = Every registration is decided by people. There are no automated decisions in the sense of Art. 22 GDPR.
privacy-admission-never = Your account is opened once you have confirmed your e-mail address. There are no automated decisions in the sense of Art. 22 GDPR.
privacy-recipients = Who gets the data
privacy-recipients-members = Other members see your name, and what you show them in your profile. Your messages are read by the members of the conversation.
privacy-recipients-administrators = The administrators of the portal see registrations, master data and enquiries in order to decide on them and answer them. They see messages only when somebody in the conversation reports one: that one and up to five others near it.
privacy-recipients-moderators = Moderators can decide about reported messages, too. They see those alone, who wrote them and who reports them.
privacy-recipients-officers = Those with the role of data protection officer see accounts with name, organisation and e-mail address, and holds, deletions and the audit trail, in order to decide about holds and to watch over erasure. They see no messages, reports or enquiries of others.
privacy-recipients-processors = Whoever runs servers, backups and e-mail for the operator processes data on the operator's behalf only (Art. 28 GDPR). The operator tells you which companies these are.
privacy-third-parties = The pages load nothing from other providers. There is no advertising, no analysis of what you do, and no profiling.
privacy-cookies = Cookies and logs
privacy-cookie = The portal sets two cookies, and only when you sign in. One keeps your session and becomes invalid when you sign out, after { $idle } without use, and after { $absolute } at the latest. By the other the portal recognises a device on which you have signed in before; about a sign-in on one that it does not know you are told by e-mail. It is good for a year from the last sign-in, or until your password is changed, and holds nothing about you that others can read. Both are strictly necessary for signing in safely (section 25(2) no. 2 TDDDG), so they take no consent.
privacy-logs = The portal stores neither your IP address nor anything about your device. Its operating logs name accounts by a random id alone.
privacy-erasing = How data is erased
privacy-erasure = You can change your profile or delete your account at any time. Your data is removed automatically within { $length }, unless a retention period applies or the data is still needed in an individual case, such as an open claim. It is then really erased, not merely hidden. The same goes for what you replace by something new.
privacy-undo = For { $length } you can undo the deletion of your account with the link that you get by e-mail.
privacy-conversations = What you wrote is erased from all conversations. What others wrote stays with them, beside the words “former member”.
privacy-holds = In individual cases administrators and data protection officers can place a hold on certain data. It has to rest on one of these bases:
privacy-reviewed = Every hold is reviewed after { $length } at the latest. Meanwhile, what is held of a deleted account no longer appears anywhere in the portal. When the hold ends, it is erased by itself.
privacy-receipt = With the code that you get when you delete your account you can check without signing in whether everything is erased.
privacy-remains = What remains after an erasure
privacy-remains-intro = Outside the database, what was erased can remain for a while. The operator answers for these periods:
privacy-residue-period = How long
privacy-residue-place = Where
privacy-residue-ends = How it ends
privacy-residue-stays = Is kept
privacy-records = These records hold random ids, codes and instants only. After the erasure nobody can be identified by them:
privacy-rights = Your rights
privacy-rights-intro = Turn to the operator or to the data protection officer with any of these. Much of it you can do yourself:
privacy-right-access = Access, and a copy of your data in a format that other programs read (Art. 15 and 20 GDPR).
privacy-to-access = Download a copy of your data
privacy-right-rectification = Rectification of what is wrong (Art. 16 GDPR).
privacy-to-rectification = Edit profile
privacy-right-erasure = Erasure (Art. 17 GDPR).
privacy-to-erasure = Delete account
privacy-right-restriction = Restriction of processing, for example while it is being checked whether data is right (Art. 18 GDPR).
privacy-right-objection = Objection to processing that is based on Art. 6(1)(f) GDPR, on grounds relating to your particular situation (Art. 21 GDPR).
privacy-right-complaint = A complaint to a supervisory authority (Art. 77 GDPR).
privacy-authority = The authority in charge of the operator is:

## Accessibility

accessibility-title = Accessibility statement
accessibility-intro = This statement is about the portal { -portal } at { $url }. It is made under directive (EU) 2016/2102, German disability equality law and the ordinance BITV 2.0. As of 23 November 2026.
accessibility-status = Compliance status
accessibility-status-text = The pages are made to meet EN 301 549 and the Web Content Accessibility Guidelines (WCAG) 2.2, level AA. They can be used without a mouse, without JavaScript and on narrow screens. The portal is partially compliant, because of these exceptions:
accessibility-gap-docs = The page that describes the programming interface comes from others, needs JavaScript and has not been checked for accessibility. It is not needed to use the portal.
accessibility-gap-texts = The portal does not check whether what members write is easy to understand. There is no content in plain German or in sign language yet.
accessibility-assessed = How this was checked
accessibility-assessed-text = The statement rests on a self-assessment with automatic checks. There has been no independent audit yet.
accessibility-feedback = Report a barrier
accessibility-feedback-text = Is something missing, or are you stuck somewhere? Please write to the operator, who will answer you and provide content in another form if you wish.
accessibility-enforcement = If that does not help
accessibility-enforcement-text = If you get no satisfactory answer within six weeks, you can turn to the enforcement body. The procedure is free of charge:

## Terms of use

terms-title = Terms of use
terms-version = Version { $version }
terms-elsewhere = You find the terms of use on the site of the portal's operator.
terms-to-operator = Read the terms of use on the operator's site
terms-purpose-title = What the portal is for
terms-purpose = On the portal { -portal }, staff of municipalities and other public bodies talk about their work with the operator's software. Its use is free of charge.
terms-joining-title = Who can join
terms-joining = Members are people who work for such a body and register with their own name and their own official e-mail address. Nobody is entitled to be admitted. The account is personal: please give your password to nobody.
terms-conduct-title = How we treat each other
terms-conduct = Write to the point and politely. Insults, advertising, unlawful content and anything that disturbs the service are not allowed. Whoever breaks these rules can be suspended; the operator gives the reason on request.
terms-confidential-title = What does not belong here
terms-confidential = Write nothing that is subject to official secrecy, no data of citizens and no passwords. Describe a case so that nobody can be recognised in it.
terms-own-texts-title = Your texts
terms-own-texts = Your texts remain yours. The operator may only store them and show them to those they are meant for. Post only what you are entitled to post.
terms-leaving-title = How you leave
terms-leaving = You can delete your account at any time without giving reasons. What happens to your data then is on the page “Privacy”. The operator can end a membership with four weeks' notice.
terms-service-title = What you can expect
terms-service = The operator keeps the portal available as well as possible but promises no particular availability, and does not answer for the correctness of what members write. For intent, gross negligence and harm to life, body and health the operator is liable as the law provides.
terms-changes-title = When something changes
terms-changes = These terms apply in the version that you agreed to. A new version applies to you only once you agree to it. German law applies.
