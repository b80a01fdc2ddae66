### Passkeys: setting up, showing, removing.

second-factor-passkeys = Passkeys
second-factor-passkeys-count =
    { $count ->
        [0] With a passkey you sign in without a password, by the fingerprint, face or PIN of your device.
        [one] You have one passkey.
       *[other] You have { $count } passkeys.
    }
second-factor-to-passkeys = Set up and remove passkeys

passkeys-title = Your passkeys
passkeys-intro = With a passkey you sign in without e-mail address and password: your device checks that it is you, for example by fingerprint, face or PIN. What it checks does not leave the device. On imitated pages a passkey does not work.
passkeys-none = You have no passkey yet.
passkeys-back = Back to the second factor
passkey-set-up = Set up
passkey-used = Last used
passkey-never-used = never so far
passkey-remove = Remove
passkey-add-title = Add a passkey
passkey-add = Add a passkey
passkey-name = Name
passkey-name-hint = So that you know it again, for example “Office phone”. At most 60 characters.
passkey-browser = Your browser has to know passkeys for this, and to run JavaScript.
passkey-sign-in = Sign in with a passkey
passkey-prove = Confirm with a passkey

passkey-get-cancelled = No passkey was shown. Perhaps you cancelled, or there is none for this portal on this device.
passkey-create-cancelled = The passkey was not set up. Perhaps you cancelled, or it took too long.
passkey-known = On this device you have a passkey for this portal already.
passkey-failed = Sorry, this did not work. Please try again.

done-passkey-added = The passkey is set up.
done-passkey-removed = The passkey is removed. Please delete it on your device, too.

problem-passkey-invalid = This passkey does not work here. Perhaps it was removed.
problem-passkey-there = This passkey is set up already.
problem-passkeys-full = No more than 10 passkeys are possible. Remove one first.
problem-passkeys-unavailable = There are no passkeys here, because the portal is reached by a number instead of a name.
field-passkey-invalid = Your browser's answer does not fit what was asked.
