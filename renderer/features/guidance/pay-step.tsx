import { Button } from '#renderer/ui/button.tsx'
import { Notice } from '#renderer/ui/notice.tsx'
import type { PayStepView } from '#shared/guidance/view.ts'
import { Continue } from './continue.tsx'
import { HandOverList } from './hand-over-list.tsx'
import type { StepBodyProps } from './step-body-props.ts'
import type { PaymentState } from './step-support.ts'

/** Directory entry of the service that takes payments by keypad. */
export const paymentLineId = 'payment-line'

const wayWords = {
  'payment-line': {
    title: 'Payment line',
    detail: 'The caller keys the card in there. Call it, then join everybody with Shift F7.',
  },
  'pay-by-link': {
    title: 'Payment link',
    detail: 'Send it from the payment system to the mobile number or email the caller gives.',
  },
  'bank-transfer': {
    title: 'Bank transfer',
    detail: 'Give the council’s account as printed on its bills, and the reference to quote.',
  },
} as const

/** Hands the payment over. The recording stands still from here until the step is answered. */
export function PayBody(props: StepBodyProps & { readonly step: PayStepView }) {
  const { step, support } = props
  const { payment } = support
  const safe = payment.name === 'safe'
  return (
    <>
      <PaymentNotice payment={payment} />
      <ul className="ways">
        {step.by.map((way) => (
          <li key={way} className={safe ? 'card' : 'card card--waiting'}>
            <strong>{wayWords[way].title}</strong>
            <span className="small">{wayWords[way].detail}</span>
            {safe && way === 'payment-line' ? (
              <HandOverList {...props} to={[paymentLineId]} only="ask" />
            ) : null}
          </li>
        ))}
      </ul>
      <p className="small quiet">
        Never write card numbers down. Digits on the keypad are hidden while this step is open.
      </p>
      <Continue
        label={safe ? step.continueLabel : 'Go on without a payment'}
        byEnter={safe}
        error={props.error}
        onInput={props.onInput}
      />
    </>
  )
}

const looks = { safe: 'good', waiting: 'attention', unsafe: 'danger' } as const

function PaymentNotice({ payment }: { readonly payment: PaymentState }) {
  const { name, title, whatToDo, onTryAgain } = payment
  return (
    <div role={name === 'unsafe' ? 'alert' : 'status'}>
      <Notice
        look={looks[name]}
        title={title}
        {...(onTryAgain === null
          ? {}
          : { actions: <Button onClick={onTryAgain}>Ask again for the pause</Button> })}
      >
        {whatToDo === '' ? null : <p className="small">{whatToDo}</p>}
      </Notice>
    </div>
  )
}
